from django.apps import AppConfig


class RetrievalConfig(AppConfig):
    name = "retrieval"

    def warm_up(self) -> None:
        """Load every space's index; called once in each serving process, after fork."""
        from retrieval.index.store import index_store

        index_store().warm_up()

    def unready(self) -> list[str]:
        """Why the site cannot answer: an index that can be neither used nor rebuilt."""
        from retrieval.index.store import index_store
        from retrieval.models import Space

        reasons = []
        for space in Space.objects.all():
            try:
                index_store().get(space)
            except (OSError, RuntimeError) as error:
                reasons.append(f"The index of {space.key} cannot be used ({type(error).__name__}).")
        return reasons
