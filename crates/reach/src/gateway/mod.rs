//! Gateway API: Gateways, what attaches to their listeners, and where requests go (EXP-GW rules).
//!
//! Its kinds are custom resources, read here from the stored trees. `objects` reads, `attach` brings routes to listeners,
//! `matches` and `hosts` compare requests, `place` knows where a Gateway is reached, `row` makes a route of each rule.

mod attach;
mod hosts;
mod matches;
mod objects;
mod place;
mod row;
#[cfg(test)]
mod tests;

use attach::{Attached, Entry, attach};
use matches::host_rank;
use objects::{Gateway, of_kind};
use place::Place;

use crate::request::Request;
use crate::route::Route;
use crate::view::View;

pub use hosts::match_hostname;
pub(crate) use matches::rank;
pub(crate) use place::balanced;

/// All that is worked out once.
struct Table<'a> {
    view: &'a View<'a>,
    gateways: Vec<Gateway<'a>>,
    places: Vec<Place>,
    attached: Attached<'a>,
}

impl<'a> Table<'a> {
    fn new(view: &'a View<'a>) -> Self {
        let gateways: Vec<_> = of_kind(view.store, "Gateway").map(Gateway::new).collect();
        let places = gateways.iter().map(|gateway| place::place(view, gateway)).collect();
        let attached = attach(view.store, &gateways);
        Self { view, gateways, places, attached }
    }

    /// The entry that answers a request to a listener's port (EXP-GW-7). Of equals it is the first: entries are in order of age.
    fn answer(&self, gateway: usize, port: u16, request: &Request) -> Option<&Entry<'a>> {
        let here = self.attached.entries.iter().filter(|entry| {
            entry.at.0 == gateway && self.gateways[gateway].listeners[entry.at.1].port == port
        });
        let fitting = here.filter(|entry| entry.matching.fits(request));
        let ranked = fitting.filter_map(|entry| {
            Some(((host_rank(entry.host, &request.host)?, entry.matching.rank()), entry))
        });
        ranked.reduce(|best, at| if at.0 > best.0 { at } else { best }).map(|(_, entry)| entry)
    }
}

/// A row for every match of every rule, and one for each parentRef that leads nowhere.
pub(crate) fn routes(view: &View<'_>, out: &mut Vec<Route>) {
    let table = Table::new(view);
    out.extend(table.attached.entries.iter().map(|entry| table.row(entry)));
    out.extend(table.attached.loose.iter().map(row::loose));
}
