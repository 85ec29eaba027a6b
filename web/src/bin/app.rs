//! The page.

fn main() {
    web::start_page();
}
