"""What may go wrong with the image, in words for the terminal."""


class ImageError(RuntimeError):
    """The image was not built, or is not what it has to be; the message says what to do."""


class BuilderMissing(ImageError):
    """There is nothing on this machine to build images with."""


class BuildFailed(ImageError):
    """The builder gave up; the message ends with what it said last."""

    def __init__(self, what: str, output: str) -> None:
        said = "\n".join(f"  {line}" for line in output.strip().splitlines()[-15:])
        super().__init__(f"{what} failed:\n{said}")
