//! Columns as Go's `text/tabwriter` lays them out: a cell ends with a tab, and cells of one column that stand in lines below
//! one another are equally wide. `kubectl get` and `kubectl describe` print through it.

/// How wide columns are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// Columns are at least so wide.
    pub(super) minimum: usize,
    /// Blanks behind the widest cell.
    pub(super) padding: usize,
}

/// The layout of `kubectl get`.
pub(super) const TABLE: Layout = Layout { minimum: 6, padding: 3 };
/// The layout of `kubectl describe`.
pub(super) const DESCRIPTION: Layout = Layout { minimum: 0, padding: 2 };

/// Lays out lines whose cells are separated by tabs.
pub(super) fn lay_out(text: &str, layout: Layout) -> Vec<String> {
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    let mut out = vec![String::new(); lines.len()];
    column(&lines, 0, layout, &mut out);
    for (line, out) in lines.iter().zip(&mut out) {
        // What no tab ends belongs to no column.
        out.push_str(line.last().unwrap_or(&""));
    }
    out
}

/// Writes the cells of a column and of those to its right, block by block.
fn column(lines: &[Vec<&str>], index: usize, layout: Layout, out: &mut [String]) {
    let has_cell = |line: &Vec<&str>| line.len() > index + 1;
    let mut from = 0;
    while let Some(start) = lines[from..].iter().position(has_cell).map(|at| from + at) {
        let length = lines[start..].iter().take_while(|line| has_cell(line)).count();
        let block = start..start + length;
        let width = |line: &Vec<&str>| line[index].chars().count();
        let widest = lines[block.clone()].iter().map(width).max().unwrap_or(0);
        let full = (widest + layout.padding).max(layout.minimum);
        for (line, out) in lines[block.clone()].iter().zip(&mut out[block.clone()]) {
            out.push_str(line[index]);
            out.extend(std::iter::repeat_n(' ', full - width(line)));
        }
        column(&lines[block.clone()], index + 1, layout, &mut out[block.clone()]);
        from = block.end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, layout: Layout, expected: &str) {
        assert_eq!(lay_out(text, layout).join("\n"), expected, "{text:?}");
    }

    #[test]
    fn layouts() {
        check("NAME\tNODE\nweb-0\tnode-1\na\t<none>", TABLE, "NAME    NODE\nweb-0   node-1\na       <none>");
        check("A\tB\nx\ty", TABLE, "A     B\nx     y");
        // A line without the column ends its block.
        check(
            "Name:\ta\nLong name:\tb\nLines:\n  x:\ty\n",
            DESCRIPTION,
            "Name:       a\nLong name:  b\nLines:\n  x:  y",
        );
        // An empty cell is padded, and wider cells to the right align only with their neighbours.
        check("IP:\t\nIPs:\t<none>", DESCRIPTION, "IP:   \nIPs:  <none>");
        check("a\tb\tc\na\tbbb\tc\na\tb", DESCRIPTION, "a  b    c\na  bbb  c\na  b");
        check("名\tx\nab\ty", DESCRIPTION, "名   x\nab  y");
    }
}
