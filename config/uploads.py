"""How much a request may carry. Django limits the fields of a form, but puts files of any size on the disk."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from posts.media import MAX_BYTES

FORM = 1_000_000  # bytes of an upload form beside its file


class SizeLimit(FileUploadHandler):
    """Refuse a form that is too large before anything of it is read. Files are sent to the newsroom only."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        in_newsroom = self.request is not None and self.request.path.startswith("/admin/")
        if content_length > (MAX_BYTES + FORM if in_newsroom else settings.DATA_UPLOAD_MAX_MEMORY_SIZE):
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data  # for the handlers that follow

    def file_complete(self, file_size: int) -> None:
        return None
