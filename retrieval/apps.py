from django.apps import AppConfig


class RetrievalConfig(AppConfig):
    name = "retrieval"

    def warm_up(self) -> None:
        """Load every space's index; called once in each serving process, after fork."""
        from retrieval.index.store import index_store

        index_store().warm_up()
