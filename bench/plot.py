"""Log-log plots as SVG, and the exponent of a cost."""
import math

COLOURS = ["#1b6ca8", "#c8553d", "#3a7d44", "#8e5ea2"]
LEFT, RIGHT, TOP, BOTTOM = 70, 560, 50, 300


def exponent(points):
    """Slope of the line of least squares through log cost against log size; 1 is linear."""
    x, y = [math.log(p[0]) for p in points], [math.log(p[1]) for p in points]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / sum((a - mean_x) ** 2 for a in x)


def last_step(points):
    """The same of the last two sizes alone: fixed costs hide in the small ones."""
    return exponent(points[-2:])


def scale(low, high, start, end):
    return lambda v: start + (end - start) * math.log(v / low) / max(math.log(high / low), 1e-9)


def axes(title, unit, points):
    xs, ys = sorted({p[0] for p in points}), [p[1] for p in points]
    x, y = scale(xs[0], xs[-1], LEFT, RIGHT), scale(min(ys), max(ys), BOTTOM, TOP)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" font-family="sans-serif" font-size="12">',
           '<rect width="640" height="360" fill="white"/>', f'<text x="{LEFT}" y="24" font-size="15">{title}</text>',
           f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="#888"/>']
    out += [f'<text x="{x(v):.0f}" y="318" text-anchor="middle">{v:,}</text>' for v in xs]
    out += [f'<text x="{LEFT - 6}" y="{y(v) + 4:.0f}" text-anchor="end">{v:.2g}</text>' for v in (min(ys), max(ys))]
    out.append(f'<text x="{(LEFT + RIGHT) // 2}" y="342" text-anchor="middle">{unit}</text><text x="{LEFT}" y="42">seconds</text>')
    return out, x, y


def svg(title, unit, series):
    """`series` maps a name to [(size, seconds), ...], sizes ascending."""
    out, x, y = axes(title, unit, [p for line in series.values() for p in line])
    for (name, line), colour in zip(series.items(), COLOURS):
        path = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in line)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="3" fill="{colour}"/>' for a, b in line]
        out.append(f'<text x="{x(line[-1][0]) + 6:.0f}" y="{y(line[-1][1]) + 4:.0f}" fill="{colour}">{name}</text>')
    return "\n".join(out + ["</svg>"]) + "\n"
