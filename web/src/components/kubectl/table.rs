//! Columns as kubectl aligns them: three spaces between, the last one free.

/// Lines of a table; the first row is its head.
pub(crate) fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut out = String::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            out.push_str(cell);
            if at + 1 < N {
                out.extend(std::iter::repeat_n(' ', widths[at] - cell.chars().count() + 3));
            }
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [["NAME", "NODE"], ["web-0", "node-1"], ["a", "<none>"]].map(|row| row.map(str::to_owned));
        assert_eq!(table(&rows), "NAME    NODE\nweb-0   node-1\na       <none>\n");
    }
}
