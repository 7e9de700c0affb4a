# SPDX-License-Identifier: GPL-3.0-or-later
"""The bench's report as text."""

import statistics


def _rows(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  " + row[0].ljust(widths[0]) + "".join("  " + cell.rjust(width) for cell, width in zip(row[1:], widths[1:])))


def _middle(costs, key):
    return statistics.median(cost[key] for cost in costs)


def _costs(report):
    rows = [["", "wall s", "CPU s", "peak MiB", "PSS MiB", "largest MiB", "five files MB", "youtube MB"]]
    for name, costs in report["costs"].items():
        sizes = report["bytes"][name]
        five = sum(sizes.values()) / 1e6
        rows.append([name, f"{_middle(costs, 'wall'):.1f}", f"{_middle(costs, 'cpu'):.1f}", f"{_middle(costs, 'peak_mib'):.0f}",
                     f"{_middle(costs, 'peak_pss_mib'):.0f}", f"{_middle(costs, 'largest_mib'):.0f}", f"{five:.2f}" if len(sizes) == 5 else "–",
                     f"{sizes['youtube'] / 1e6:.2f}"])
    _rows(rows)


def _ratios(report):
    for ours, others in report["ratios"].items():
        print(f"\n{ours} against each (above 1: {ours} is faster or smaller)")
        rows = [["", "wall", "CPU", "memory", f"wall of {ours} ÷ it"]]
        for other, ratio in others.items():
            rows.append([other, f"{ratio['wall']:.2f}×", f"{ratio['cpu']:.2f}×", f"{ratio['memory']:.2f}×", f"{1 / ratio['wall']:.3f}"])
        _rows(rows)


def _quality(report):
    judged = report["quality"]
    if not judged:
        return
    truth = next(iter(judged.values()))["shake"]["truth_px"]["all"]
    print(f"\nThe youtube export against the steady original (shake before: {truth:.2f} px RMS above 0.5 Hz)")
    rows = [["", "shake left px", "reduced", "VMAF", "1st pct", "NEG", "VMAF still", "bits", "zoom by shot", "offset px by shot"]]
    base = report["bytes"].get("scripts", {}).get("youtube")
    for name, result in judged.items():
        shots, vmaf = result["shake"]["shots"], result.get("vmaf")
        rows.append([
            name, f"{result['shake']['residual_px']['all']:.3f}", f"{result['shake']['reduction_percent']:.1f} %",
            f"{vmaf['aligned']['mean']:.2f}" if vmaf else "–", f"{vmaf['aligned']['first_percentile']:.2f}" if vmaf else "–",
            f"{vmaf['aligned']['neg']:.2f}" if vmaf else "–", f"{vmaf['still']['mean']:.2f}" if vmaf else "–",
            f"{100 * report['bytes'][name]['youtube'] / base - 100:+.1f} %" if base else "–",
            " ".join(f"{s['zoom']:.3f}" for s in shots), " ".join(f"({s['x']:+.1f},{s['y']:+.1f})" for s in shots)])
    _rows(rows)
    print("  VMAF, NEG: each frame against the crop of the steady original that it shows, so picture quality alone; still: against one")
    print("  crop for a whole shot, so slow movement that is left counts too; bits: the youtube file beside the scripts'.")
    if equal := judged.get("scripts", {}).get("at_bits_of_reelmill"):
        print(f"  the scripts' clean-up encoded at the bits of reelmill: VMAF {equal['mean']:.2f}, NEG {equal['neg']:.2f}")
    if equal := judged.get("reelmill", {}).get("at_bits_of_scripts"):
        print(f"  reelmill at the bits of the scripts ({100 * equal['bytes'] / base - 100:+.1f} %, CRF {equal['crf']}): VMAF {equal['mean']:.2f}, "
              f"NEG {equal['neg']:.2f}")


def print_tables(report):
    clip, machine = report["clip"], report["machine"]
    print(f"{clip['frames']} frames of {clip['width']}×{clip['height']} at {clip['rate']}, five exports; {machine['cores']} × {machine['cpu']}; "
          f"{report['rounds']} round{'s' if report['rounds'] != 1 else ''}")
    print(f"  debian: {machine['debian_ffmpeg']}\n  static: {machine['static_ffmpeg']}\n")
    _costs(report)
    _ratios(report)
    _quality(report)
