"""What pages and their API twins do alike with a request: read it, call a service."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.paginator import Page
from django.forms import Form
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from rest_framework.request import Request

from catalog.filters import allowed_songs
from fairouz_site.pagination import Stretch, paginate, wanted_stretch
from fairouz_site.params import checked, parse
from retrieval.ingest import IngestReport, ingest_file
from retrieval.models import Space
from retrieval.params import CountParams, IngestUpload, SearchParams
from retrieval.search import SearchResult, search, search_by
from retrieval.services import Hit


def search_page_of(request: HttpRequest | Request) -> tuple[SearchResult, Page]:
    """The search that the query string asks for, and the page of hits."""
    q = parse(SearchParams, request.GET)["q"]
    start, count = wanted_stretch(request)
    result = search(q, allow=allowed_songs(request.GET), start=start, count=count)
    return result, paginate(Stretch(result.count, start, result.hits), request)


def found_by_upload(request: HttpRequest | Request, modality: str, upload: type[Form]) -> tuple[Space, list[Hit]]:
    """The songs nearest to the file in the body; raise InvalidInput when it cannot be read."""
    form = upload(request.POST, request.FILES)
    checked(form)
    k = parse(CountParams, request.GET)["k"]
    return search_by(modality, form.cleaned_data["file"], k, allow=allowed_songs(request.GET))


def ingested_uploads(request: HttpRequest | Request) -> IngestReport:
    """Take in the uploaded files; raise InvalidInput when there are none or one is too large."""
    form = IngestUpload(request.POST, MultiValueDict({"files": request.FILES.getlist("files")}))
    checked(form)
    report = IngestReport()
    with TemporaryDirectory(prefix="fairouz-upload-") as folder:
        for number, upload in enumerate(form.cleaned_data["files"]):
            # under its own name, which the report's sentences quote, in a folder of its own
            file = Path(folder) / str(number) / (Path(upload.name).name[-100:] or "upload")
            file.parent.mkdir()
            with file.open("wb") as stream:
                for chunk in upload.chunks():
                    stream.write(chunk)
            report.lines.append(ingest_file(file, Path(upload.name).name[:200]))
    return report
