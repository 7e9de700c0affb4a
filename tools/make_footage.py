#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the demo footage: a shaky camera file whose every movement is known, and the same film without the shake.

    tools/make_footage.py OUT_DIR [--seconds 20]

OUT_DIR/shaky.mp4    1280x720, 30 fps, H.264 and stereo AAC: a window that moves over steady, enlarged footage
OUT_DIR/steady.mkv   the same frames, the window held still at the centre; lossless, no sound
OUT_DIR/truth.json   where the window was in each frame
OUT_DIR/CREDITS.txt  who made the pictures and the voice

Each frame of Big Buck Bunny and of the street camera is shown once, at 30 frames a second, so that no two frames are
alike. The shake is a sum of sines, so frame n of a longer film moves as frame n of a shorter one does. Everything is
deterministic and made once: a complete folder of the same recipe is left alone.
"""
import argparse
import hashlib
import json
import math
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
FPS = 30
WIDTH, HEIGHT = 1280, 720
GROUND_WIDTH, GROUND_HEIGHT = 1472, 828  # what the window moves over: 96 and 54 px to every side
BUNNY_FRAMES, STREET_FRAMES = 132, 795
COLOUR = ["-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv"]
X264_COLOUR = "colorprim=bt709:transfer=bt709:colormatrix=bt709:range=tv"

CREDITS = """\
Pictures
  Big Buck Bunny, (c) copyright 2008, Blender Foundation, www.bigbuckbunny.org,
  licensed under Creative Commons Attribution 3.0. Changed: enlarged, retimed to 30 fps, shaken.
  vtest.avi, a street camera from the sample data of OpenCV (Debian package opencv-doc, Apache License 2.0).
  Changed: enlarged, cropped, retimed to 30 fps, shaken.
Voice
  demo-congrats and demo-instruct, spoken by Allison Smith, from Asterisk's core sounds
  (Debian package asterisk-core-sounds-en-wav, Creative Commons Attribution-ShareAlike 3.0).
  Changed: resampled, hiss and hum added. The sound of shaky.mp4 is under the same licence.
"""


def sines(seed, rms, low, high, count):
    """A wobble of the given RMS: (amplitude, radians a frame, phase), slow parts stronger than fast ones."""
    dice = random.Random(seed)
    waves = []
    for i in range(count):
        hertz = low * (high / low) ** ((i + 0.8 * dice.random()) / count)
        waves.append([hertz ** -0.7, 2 * math.pi * hertz / FPS, 2 * math.pi * dice.random()])
    scale = rms / math.sqrt(sum(a * a / 2 for a, _, _ in waves))
    return [(round(a * scale, 9), round(w, 9), round(p, 9)) for a, w, p in waves]


SHAKE = {
    "x": sines(1, 9.5, 0.7, 7, 9),
    "y": sines(2, 8.5, 0.7, 7, 9),
    "angle": sines(3, math.radians(0.17), 0.7, 6, 7),
}


def position(axis, frame):
    return sum(a * math.sin(w * frame + p) for a, w, p in SHAKE[axis])


def expression(axis):
    # `on` counts output frames from 1.
    return "(" + "+".join(f"{a:.9f}*sin({w:.9f}*(on-1)+{p:.9f})" for a, w, p in SHAKE[axis]) + ")"


def shake_filter():
    centre_x, centre_y = (GROUND_WIDTH - 1) / 2, (GROUND_HEIGHT - 1) / 2
    x, y, angle = expression("x"), expression("y"), expression("angle")
    corners = []
    for number, (corner_x, corner_y) in enumerate([(0, 0), (GROUND_WIDTH, 0), (0, GROUND_HEIGHT), (GROUND_WIDTH, GROUND_HEIGHT)]):
        u, v = corner_x - centre_x, corner_y - centre_y
        corners.append(f"x{number}='{centre_x}+{x}+cos({angle})*({u})-sin({angle})*({v})'")
        corners.append(f"y{number}='{centre_y}+{y}+sin({angle})*({u})+cos({angle})*({v})'")
    return "perspective=" + ":".join(corners) + ":interpolation=cubic:sense=source:eval=frame"


def ffmpeg(*arguments):
    command = ["ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-y", *map(str, arguments)]
    result = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    if result.returncode:
        sys.exit(f"make_footage: making {arguments[-1]} failed:\n{result.stderr}")


def make_ground(sources, out, frames):
    """The steady footage, enlarged, each frame once: bunny, then street."""
    whole = "scale={}:{}:flags=lanczos+accurate_rnd+bitexact:out_color_matrix=bt709:out_range=tv"
    graph = (
        f"[0:v]trim=end_frame={BUNNY_FRAMES},{whole.format(GROUND_WIDTH, GROUND_HEIGHT)},"
        f"setsar=1,format=yuv420p,setpts=N/{FPS}/TB,fps={FPS}[bunny];"
        f"[1:v]trim=end_frame={STREET_FRAMES},{whole.format(GROUND_WIDTH, GROUND_WIDTH * 3 // 4)},"
        f"crop={GROUND_WIDTH}:{GROUND_HEIGHT},setsar=1,format=yuv420p,setpts=N/{FPS}/TB,fps={FPS}[street];"
        "[bunny][street]concat=n=2:v=1[out]"
    )
    ffmpeg("-i", sources / "bigbuckbunny.mp4", "-r", 10, "-i", sources / "vtest.avi", "-filter_complex", graph, "-map", "[out]",
           "-frames:v", min(frames, BUNNY_FRAMES + STREET_FRAMES), "-c:v", "libx264", "-preset", "ultrafast", "-qp", 0, out)


def make_sound(sources, out, frames):
    seconds = frames / FPS
    graph = (
        "[0:a][1:a]concat=n=2:v=0:a=1,aresample=48000,aloop=loop=-1:size=6000000,"
        f"atrim=end_sample={frames * 48000 // FPS},volume=0.8[voice];"
        f"anoisesrc=sample_rate=48000:amplitude=0.006:color=white:seed=7:duration={seconds}[hiss];"
        f"sine=frequency=60:sample_rate=48000:duration={seconds},volume=0.08[hum];"
        "[voice][hiss][hum]amix=inputs=3:normalize=0:duration=first,"
        "aformat=sample_fmts=s16:sample_rates=48000,pan=stereo|c0=c0|c1=c0[out]"
    )
    ffmpeg("-i", sources / "demo-congrats.wav", "-i", sources / "demo-instruct.wav", "-filter_complex", graph, "-map", "[out]",
           "-bitexact", "-c:a", "pcm_s16le", out)


def make_films(ground, sound, shaky, steady, frames):
    crop = f"crop={WIDTH}:{HEIGHT}"
    picture = ["-stream_loop", "-1", "-i", ground]
    bitexact = ["-map_metadata", -1, "-fflags", "+bitexact", "-flags:v", "+bitexact"]
    # Ended by the filter: -frames:v would end the sound early too.
    film = f"[0:v]setpts=N/{FPS}/TB,trim=end_frame={frames},"
    # A fixed number of threads: x264's choices depend on it.
    ffmpeg(*picture, "-i", sound, "-filter_complex", f"{film}{shake_filter()},{crop}[out]", "-map", "[out]", "-map", "1:a",
           "-c:v", "libx264", "-preset", "medium", "-crf", 14, "-threads", 4, "-x264-params", X264_COLOUR, *COLOUR,
           "-c:a", "aac", "-b:a", "192k", "-flags:a", "+bitexact", *bitexact, "-movflags", "+faststart", shaky)
    ffmpeg(*picture, "-filter_complex", f"{film}{crop}[out]", "-map", "[out]",
           "-c:v", "libx264", "-preset", "veryfast", "-qp", 0, "-threads", 4, "-x264-params", X264_COLOUR, *COLOUR,
           *bitexact, steady)


def cuts(frames):
    borders, at = [], BUNNY_FRAMES
    while at < frames:
        borders.append(at)
        at += STREET_FRAMES if len(borders) % 2 else BUNNY_FRAMES
    return borders


def truth(frames, recipe):
    return {
        "fps": str(FPS),
        "width": WIDTH,
        "height": HEIGHT,
        "convention": "the window's centre lies x px right of and y px below the centre of the steady picture and is turned by "
                      "angle radians, clockwise on the screen if positive: picture point p (from the centre, y down) shows steady "
                      "point (x, y) + R p with R = [[cos angle, -sin angle], [sin angle, cos angle]]",
        "recipe": recipe,
        "cuts": cuts(frames),
        "frames": [{"x": round(position("x", n), 6), "y": round(position("y", n), 6), "angle": round(position("angle", n), 9)}
                   for n in range(frames)],
    }


def recipe_of(frames, sources):
    digest = hashlib.sha256(f"{frames} ".encode() + pathlib.Path(__file__).read_bytes())
    for name in ("bigbuckbunny.mp4", "vtest.avi", "demo-congrats.wav", "demo-instruct.wav"):
        if not (sources / name).is_file():
            sys.exit(f"make_footage: {sources / name} is missing, run scripts/setup first")
        digest.update((sources / name).read_bytes())
    return digest.hexdigest()


def is_complete(folder, recipe):
    try:
        made = json.loads((folder / "truth.json").read_text())
    except (OSError, ValueError):
        return False
    return made.get("recipe") == recipe and all((folder / name).is_file() for name in ("shaky.mp4", "steady.mkv", "CREDITS.txt"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out_dir", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--sources", type=pathlib.Path, default=REPOSITORY / ".cache" / "sources", help="where scripts/setup put the raw clips")
    arguments = parser.parse_args()
    frames = round(arguments.seconds * FPS)
    if frames < 1:
        parser.error("--seconds must be more than 0")
    out_dir = arguments.out_dir.resolve()
    recipe = recipe_of(frames, arguments.sources)
    if is_complete(out_dir, recipe):
        print(f"footage: {out_dir} is complete")
        return
    out_dir.mkdir(parents=True, exist_ok=True)
    print(f"footage: making {frames} frames in {out_dir}", flush=True)
    part = pathlib.Path(tempfile.mkdtemp(prefix=".part-", dir=out_dir))
    try:
        make_ground(arguments.sources, part / "ground.mkv", frames)
        make_sound(arguments.sources, part / "sound.wav", frames)
        make_films(part / "ground.mkv", part / "sound.wav", part / "shaky.mp4", part / "steady.mkv", frames)
        (part / "CREDITS.txt").write_text(CREDITS)
        (part / "truth.json").write_text(json.dumps(truth(frames, recipe), indent=1) + "\n")
        (out_dir / "truth.json").unlink(missing_ok=True)
        for name in ("shaky.mp4", "steady.mkv", "CREDITS.txt", "truth.json"):
            os.replace(part / name, out_dir / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    for name in ("shaky.mp4", "steady.mkv"):
        print(f"footage: {name} {(out_dir / name).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
