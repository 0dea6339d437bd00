//! Counts come in; SVG of the distribution of scores and of execution against scores goes out.

use super::{BINS, Scores, Spot};
use std::collections::BTreeMap;
use std::fmt::Write;

/// More marks than this make no picture: neighbours are drawn as one.
const MARKS: usize = 1200;

/// Heads of the bins.
const HEADS: [&str; BINS] = ["&lt;70", "70–", "75–", "80–", "85–", "90–", "95–", "100"];

/// Bars of stated and computed totals side by side.
pub fn scores(scores: &Scores) -> String {
    let (left, right, top, bottom) = (44.0, 482.0, 30.0, 146.0);
    let most = scores.stated.iter().chain(&scores.computed).max();
    let (step, end) = scale(most.copied().unwrap_or(0));
    let y = |n: u64| bottom - (bottom - top) * n as f64 / end as f64;
    let mut svg = String::new();
    let _ = (|| -> std::fmt::Result {
        for n in (0..=end).step_by(step as usize) {
            let at = y(n);
            write!(
                svg,
                "<path class=\"gr\" d=\"M{left} {at:.1}H{right}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                left - 6.0,
                at + 4.0,
                short(n)
            )?;
        }
        let slot = (right - left) / BINS as f64;
        let wide = slot * 0.43;
        for (bin, head) in HEADS.iter().enumerate() {
            let x = left + slot * bin as f64 + slot * 0.07;
            let bars = [
                (
                    x,
                    ("end", x + wide - 1.0),
                    scores.stated[bin],
                    "fill=\"#fff\" stroke=\"#15385c\" stroke-width=\"1.5\"",
                ),
                (
                    x + wide,
                    ("start", x + wide + 1.0),
                    scores.computed[bin],
                    "fill=\"#1b4a72\"",
                ),
            ];
            for (x, aside, n, style) in bars {
                if n == 0 {
                    continue;
                }
                let at = y(n);
                write!(
                    svg,
                    "<rect x=\"{x:.1}\" y=\"{at:.1}\" width=\"{wide:.1}\" height=\"{:.1}\" {style}/>",
                    bottom - at
                )?;
                // Long numbers of neighbours would run into each other.
                let (anchor, middle) = match n {
                    ..1000 => ("middle", x + wide / 2.0),
                    _ => aside,
                };
                write!(
                    svg,
                    "<text class=\"num\" x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
                    at - 4.0,
                    short(n)
                )?;
            }
            write!(
                svg,
                "<text x=\"{:.1}\" y=\"161\" text-anchor=\"middle\">{head}</text>",
                x + wide
            )?;
        }
        let total = |counts: &[u64]| counts.iter().sum::<u64>();
        write!(svg, "<path class=\"ax\" d=\"M{left} {bottom}H{right}\"/>")?;
        write!(
            svg,
            "<rect x=\"180\" y=\"3\" width=\"12\" height=\"9\" fill=\"#fff\" stroke=\"#15385c\" stroke-width=\"1.5\"/><text x=\"197\" y=\"11\">填报得分（{} 表）</text>",
            total(&scores.stated)
        )?;
        write!(
            svg,
            "<rect x=\"336\" y=\"3\" width=\"12\" height=\"9\" fill=\"#1b4a72\"/><text x=\"353\" y=\"11\">复算得分（{} 表）</text>",
            total(&scores.computed)
        )
    })();
    svg
}

/// Marks by execution rate and score rate; a larger mark stands for more forms.
pub fn points(points: &BTreeMap<(u16, u16), Spot>) -> String {
    let (left, right, top, bottom) = (44.0, 470.0, 26.0, 226.0);
    let (points, half_percents) = coarse(points);
    let most = points.values().map(|s| s.forms).max().unwrap_or(1);
    let low = |values: &mut dyn Iterator<Item = u16>, usual: u16, step: u16| {
        let least = values.min().unwrap_or(200) / 2;
        (least / step * step).min(usual)
    };
    let x_low = low(&mut points.keys().map(|(x, _)| *x), 40, 20);
    let y_low = low(&mut points.keys().map(|(_, y)| *y), 60, 20);
    let scale = |value: f64, low: u16, from: f64, to: f64| {
        from + (to - from) * (value - f64::from(low)) / f64::from(100 - low)
    };
    let x = |percent: f64| scale(percent, x_low, left, right);
    let y = |percent: f64| scale(percent, y_low, bottom, top);
    let mut svg = String::new();
    let _ = (|| -> std::fmt::Result {
        for percent in (x_low..=100).step_by(20) {
            let at = x(f64::from(percent));
            write!(
                svg,
                "<path class=\"gr\" d=\"M{at:.1} {top}V{bottom}\"/><text x=\"{at:.1}\" y=\"242\" text-anchor=\"middle\">{percent}%</text>"
            )?;
        }
        for percent in (y_low..=100).step_by(if y_low < 60 { 20 } else { 10 }) {
            let at = y(f64::from(percent));
            write!(
                svg,
                "<path class=\"gr\" d=\"M{left} {at:.1}H{right}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{percent}%</text>",
                left - 6.0,
                at + 4.0
            )?;
        }
        let from = f64::from(x_low.max(y_low));
        let (x0, y0, x1, y1) = (x(from), y(from), x(100.0), y(100.0));
        write!(
            svg,
            "<path d=\"M{x0:.1} {y0:.1}L{x1:.1} {y1:.1}\" stroke=\"#8f9299\" stroke-dasharray=\"4 3\" fill=\"none\"/>"
        )?;
        let (tx, ty) = (x0 + (x1 - x0) * 0.3, y0 + (y1 - y0) * 0.3);
        let turn = ((y1 - y0) / (x1 - x0)).atan().to_degrees();
        write!(
            svg,
            "<text x=\"{tx:.1}\" y=\"{:.1}\" transform=\"rotate({turn:.1} {tx:.1} {ty:.1})\" class=\"halo\">得分率＝执行率</text>",
            ty - 4.0
        )?;
        for ((px, py), spot) in &points {
            let centre =
                |p: u16| (f64::from(p) + f64::from(half_percents - 1) / 2.0).min(200.0) / 2.0;
            let (cx, cy) = (x(centre(*px)), y(centre(*py)));
            let plain = spot.forms - spot.above.min(spot.forms);
            if plain > 0 {
                write!(
                    svg,
                    "<circle cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"{:.1}\"/>",
                    radius(plain, most)
                )?;
            }
            if spot.above > 0 {
                let r = radius(spot.above, most) * 1.5;
                write!(
                    svg,
                    "<path class=\"up\" d=\"M{cx:.1} {:.1}l{r:.1} {:.1}h-{:.1}z\"/>",
                    cy - r,
                    r * 1.8,
                    r * 2.0
                )?;
            }
        }
        write!(
            svg,
            "<path class=\"ax\" d=\"M{left} {top}V{bottom}H{right}\"/><text x=\"{right}\" y=\"257\" text-anchor=\"end\">预算执行率 →</text><text x=\"{left}\" y=\"16\">↑ 指标得分率</text>"
        )
    })();
    svg
}

/// Larger for more forms, small enough that neighbours can be told apart.
fn radius(forms: u64, most: u64) -> f64 {
    2.2 + 1.8 * (forms as f64).ln() / (most.max(20) as f64).ln()
}

/// "58", "12.9万".
fn short(n: u64) -> String {
    match n {
        n if n >= 10_000 && n.is_multiple_of(10_000) => format!("{}万", n / 10_000),
        n if n >= 10_000 => format!("{:.1}万", n as f64 / 10_000.0),
        n => n.to_string(),
    }
}

/// The marks, neighbours together until there are few enough; and how many half percents one takes.
fn coarse(points: &BTreeMap<(u16, u16), Spot>) -> (BTreeMap<(u16, u16), Spot>, u16) {
    let mut width = 1;
    loop {
        let mut marks: BTreeMap<(u16, u16), Spot> = BTreeMap::new();
        for ((x, y), spot) in points {
            let mark = marks
                .entry((x / width * width, y / width * width))
                .or_default();
            mark.forms += spot.forms;
            mark.above += spot.above;
        }
        if marks.len() <= MARKS || width >= 16 {
            return (marks, width);
        }
        width *= 2;
    }
}

/// The step between lines and the end of an axis that reaches to `most` in about four steps.
fn scale(most: u64) -> (u64, u64) {
    let mut step = 1;
    while step * 4 < most {
        step = match step.to_string().starts_with('2') {
            true => step / 2 * 5,
            false => step * 2,
        };
    }
    (step, (most.div_ceil(step) * step).max(step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers() {
        assert_eq!(
            [0, 3, 58, 100, 4321].map(scale),
            [(1, 1), (1, 3), (20, 60), (50, 100), (2000, 6000)]
        );
    }

    #[test]
    fn many_marks_are_drawn_as_fewer_that_stand_for_as_many() {
        let spot = Spot { forms: 2, above: 1 };
        let points = (0..=200)
            .flat_map(|x| (0..=200).map(move |y| ((x, y), spot)))
            .collect();
        let (marks, _) = coarse(&points);
        assert!(marks.len() <= MARKS);
        assert_eq!(marks.values().map(|m| m.forms).sum::<u64>(), 2 * 201 * 201);
        assert_eq!(marks.values().map(|m| m.above).sum::<u64>(), 201 * 201);
    }
}
