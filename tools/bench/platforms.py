# SPDX-License-Identifier: GPL-3.0-or-later
"""What every contender has to deliver, and the clean-up that comes before it: the user's own figures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Platform:
    name: str
    width: int
    height: int
    preset: str
    crf: int
    bitrate: str

    @property
    def size(self):
        return self.width, self.height

    @property
    def encode(self):
        """What decides the encoded bytes: with a CRF, ffmpeg gives the bitrate no effect."""
        return self.width, self.height, self.preset, self.crf


PLATFORMS = (
    Platform("youtube", 1920, 1080, "slow", 18, "8M"),
    Platform("instagram", 1080, 1920, "medium", 23, "5M"),
    Platform("tiktok", 1080, 1920, "fast", 23, "4M"),
    Platform("twitter", 1280, 720, "medium", 23, "5M"),
    Platform("facebook", 1280, 720, "medium", 23, "4M"),
)
RATE = 30
DETECT = "vidstabdetect=shakiness=5:accuracy=15"
TRANSFORM = "vidstabtransform=smoothing=30"
GRADE = "eq=brightness=0.05:contrast=1.1:saturation=1.1"
SOUND = "highpass=f=200,lowpass=f=3000,afftdn"
AUDIO = ["-c:a", "aac", "-b:a", "192k"]


def fit(width, height):
    return f"scale={width}:{height}:force_original_aspect_ratio=decrease,pad={width}:{height}:(ow-iw)/2:(oh-ih)/2"


def distinct_encodes():
    """The platforms without those whose encode another one has already."""
    seen = {}
    for platform in PLATFORMS:
        seen.setdefault(platform.encode, platform)
    return tuple(seen.values())
