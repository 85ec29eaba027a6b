//! The way of a packet as a picture: its stations from top to bottom, with arrows between them.

use std::fmt::Write as _;

use rules::{Hop, HopKind, Lang, Place, words};
use yew::{AttrValue, Html, html};

use crate::page::Page;
use crate::platform::files;

/// Sizes in the picture's own units, one to a pixel.
const WIDTH: u32 = 520;
const LINE: u32 = 18;
const ARROW: u32 = 22;

/// More places of a station are counted.
const MAX_PLACES: usize = 4;

/// As many characters fit a line.
const MAX_TEXT: usize = 56;

/// The picture, the same as a list where there is no room for it, and a button that saves it.
pub(super) fn picture(page: &Page, hops: &[Hop], title: &str) -> Html {
    let t = page.texts();
    if hops.len() < 2 {
        return Html::default();
    }
    let svg = svg(hops, title, page.lang);
    let save = {
        let svg = svg.clone();
        move |_| files::download("way.svg", &svg)
    };
    html! {
        <figure class="way" data-testid="way">
            <div class="way-picture">{ Html::from_html_unchecked(AttrValue::from(svg)) }</div>
            <ol class="way-list">{ for hops.iter().map(|hop| html! {
                <li><strong>{ words::hop(hop.kind, page.lang) }</strong>{ for lines(hop, t.more).into_iter().map(|line| html! { <div class="mono">{ line }</div> }) }</li>
            }) }</ol>
            <figcaption><button type="button" class="button small" onclick={save} data-testid="way-save">{ t.save_picture }</button></figcaption>
        </figure>
    }
}

/// A self-contained SVG. Colours are the text's, so that it fits any page and any paper.
fn svg(hops: &[Hop], title: &str, lang: Lang) -> String {
    let more = |count: usize| format!("+{count}");
    let stations: Vec<(&str, Vec<String>, HopKind)> =
        hops.iter().map(|hop| (words::hop(hop.kind, lang), lines(hop, more), hop.kind)).collect();
    let tall = |lines: &[String]| LINE * (1 + lines.len() as u32) + 12;
    let height: u32 = stations.iter().map(|(_, lines, _)| tall(lines) + ARROW).sum::<u32>() - ARROW + 2;
    let told: Vec<String> = stations
        .iter()
        .map(|(kind, lines, _)| format!("{kind} {}", lines.join(" ")).trim().to_owned())
        .collect();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         color=\"currentColor\" fill=\"currentColor\" font-family=\"ui-monospace, monospace\" font-size=\"12\">\
         <title>{}</title><desc>{}</desc>",
        escaped(title),
        escaped(&told.join(" → "))
    );
    let mut y = 1;
    for (at, (kind, lines, hop)) in stations.iter().enumerate() {
        let tall = tall(lines);
        // What only sends on has round ends; what the packet ends at is drawn bold.
        let (radius, stroke) = match hop {
            HopKind::Rule(_) | HopKind::Name => (tall / 2, 1),
            HopKind::Pod | HopKind::Daemon => (6, 2),
            _ => (6, 1),
        };
        let _ = write!(
            out,
            "<rect x=\"1\" y=\"{y}\" width=\"{}\" height=\"{tall}\" rx=\"{radius}\" fill=\"none\" stroke=\"currentColor\" \
             stroke-width=\"{stroke}\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-weight=\"600\" font-family=\"system-ui, sans-serif\">{}</text>",
            WIDTH - 2,
            WIDTH / 2,
            y + LINE,
            escaped(kind)
        );
        for (line, text) in lines.iter().enumerate() {
            let _ = write!(
                out,
                "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                WIDTH / 2,
                y + LINE * (line as u32 + 2),
                escaped(text)
            );
        }
        y += tall;
        if at + 1 < stations.len() {
            let (x, tip) = (WIDTH / 2, y + ARROW - 1);
            let _ = write!(
                out,
                "<path d=\"M{x} {y}V{tip}m-4 -6l4 6l4 -6\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>"
            );
            y += ARROW;
        }
    }
    out + "</svg>"
}

/// What is written at a station, a line for each place.
fn lines(hop: &Hop, more: fn(usize) -> String) -> Vec<String> {
    let line = |place: &Place| {
        let label = place.label.strip_prefix("default/").unwrap_or(&place.label);
        let text = match (label, place.address.as_str()) {
            ("", address) => address.to_owned(),
            (label, "") => label.to_owned(),
            (label, address) => format!("{label} · {address}"),
        };
        cut(&text)
    };
    let mut lines: Vec<String> =
        hop.places.iter().take(MAX_PLACES).map(line).filter(|line| !line.is_empty()).collect();
    if hop.places.len() > MAX_PLACES {
        lines.push(more(hop.places.len() - MAX_PLACES));
    }
    lines
}

fn cut(text: &str) -> String {
    if text.chars().count() <= MAX_TEXT {
        return text.to_owned();
    }
    text.chars().take(MAX_TEXT - 1).chain(['…']).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_tells_its_stations_and_holds_no_markup_of_others() {
        let place = |label: &str, address: &str| Place { label: label.into(), address: address.into() };
        let hop = |kind, places| Hop { kind, places };
        let pods: Vec<Place> =
            (0..6).map(|at| place(&format!("default/web-{at}"), "10.244.0.2:80")).collect();
        let hops = [
            hop(HopKind::Client, vec![]),
            hop(HopKind::Node, vec![place("<b>", "10.0.0.11")]),
            hop(HopKind::Pod, pods),
        ];
        let svg = svg(&hops, "a & b", Lang::En);
        assert!(svg.contains("<title>a &amp; b</title>"), "{svg}");
        assert!(svg.contains("client → node &lt;b&gt; · 10.0.0.11 → pod web-0 · 10.244.0.2:80"), "{svg}");
        assert!(svg.contains(">+2</text>") && !svg.contains("<b>"), "{svg}");
        assert_eq!(svg.matches("<path").count(), 2);
        assert_eq!(cut(&"x".repeat(80)).chars().count(), MAX_TEXT);
    }
}
