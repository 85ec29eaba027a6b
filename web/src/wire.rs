//! Plain data as bytes: the worker boundary and share links are written in it.
//!
//! The format is postcard's: integers are LEB128 (signed ones zigzag), texts and lists follow their length, an option follows a 0 or
//! a 1, structs are their fields, enums a number and what their variant holds. The code is our own because serde's is compiled anew
//! for each type, which took 40 KB of wasm: here a type is one line in a table, and everything else is shared.
//!
//! Reading never fails midway. A [`Reader`] that meets damage goes on with zeros and empty lists, and [`read`] then gives nothing.

mod input;
mod messages;
mod report;
mod shapes;

use std::rc::Rc;

pub(crate) use input::Link1;

use rules::SortedMap;

/// Something that is written and read.
pub(crate) trait Wire: Sized {
    /// Appends the value.
    fn write(&self, out: &mut Vec<u8>);

    /// The value again, or any value after damage.
    fn read(from: &mut Reader) -> Self;
}

/// A value in bytes.
pub(crate) fn write<T: Wire>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    value.write(&mut out);
    out
}

/// The value again; `None` when the bytes are not exactly one.
pub(crate) fn read<T: Wire>(bytes: &[u8]) -> Option<T> {
    let mut from = Reader { rest: bytes, damaged: false };
    let value = T::read(&mut from);
    (!from.damaged && from.rest.is_empty()).then_some(value)
}

/// What is still to be read.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    damaged: bool,
}

impl Reader<'_> {
    /// Nothing more can be read.
    pub(crate) fn fail(&mut self) {
        self.damaged = true;
        self.rest = &[];
    }

    /// A number; 0 after damage.
    #[inline(never)]
    pub(crate) fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let Some((&byte, rest)) = self.rest.split_first() else { break };
            self.rest = rest;
            let part = u64::from(byte & 0x7f);
            number |= part << shift;
            if byte < 0x80 {
                if number >> shift != part {
                    break;
                }
                return number;
            }
        }
        self.fail();
        0
    }

    /// A number below `limit`; 0 after damage.
    fn below(&mut self, limit: u64) -> u64 {
        let number = self.number();
        if number < limit {
            return number;
        }
        self.fail();
        0
    }

    /// A number of bytes or of list entries, each of which takes at least a byte.
    fn length(&mut self) -> usize {
        let length = self.number();
        if length > self.rest.len() as u64 {
            self.fail();
            return 0;
        }
        length as usize
    }

    #[inline(never)]
    fn text(&mut self) -> &str {
        let length = self.length();
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        str::from_utf8(text).unwrap_or_else(|_| {
            self.fail();
            ""
        })
    }
}

/// Appends a number.
#[inline(never)]
pub(crate) fn write_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[inline(never)]
fn write_text(text: &str, out: &mut Vec<u8>) {
    write_number(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

macro_rules! unsigned {
    ($($type:ident)*) => {$(
        impl Wire for $type {
            fn write(&self, out: &mut Vec<u8>) {
                write_number(u64::from(*self), out);
            }

            fn read(from: &mut Reader) -> Self {
                from.below(1 << $type::BITS) as Self
            }
        }
    )*};
}

unsigned! { u8 u16 u32 }

impl Wire for bool {
    fn write(&self, out: &mut Vec<u8>) {
        write_number(u64::from(*self), out);
    }

    fn read(from: &mut Reader) -> Self {
        from.below(2) == 1
    }
}

impl Wire for u64 {
    fn write(&self, out: &mut Vec<u8>) {
        write_number(*self, out);
    }

    fn read(from: &mut Reader) -> Self {
        from.number()
    }
}

impl Wire for i64 {
    fn write(&self, out: &mut Vec<u8>) {
        write_number((*self << 1 ^ *self >> 63) as u64, out);
    }

    fn read(from: &mut Reader) -> Self {
        let number = from.number();
        (number >> 1) as Self ^ -((number & 1) as Self)
    }
}

impl Wire for i32 {
    fn write(&self, out: &mut Vec<u8>) {
        i64::from(*self).write(out);
    }

    fn read(from: &mut Reader) -> Self {
        Self::try_from(i64::read(from)).unwrap_or_else(|_| {
            from.fail();
            0
        })
    }
}

impl Wire for String {
    fn write(&self, out: &mut Vec<u8>) {
        write_text(self, out);
    }

    fn read(from: &mut Reader) -> Self {
        from.text().to_owned()
    }
}

impl Wire for Rc<str> {
    fn write(&self, out: &mut Vec<u8>) {
        write_text(self, out);
    }

    fn read(from: &mut Reader) -> Self {
        from.text().into()
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(from: &mut Reader) -> Self {
        bool::read(from).then(|| T::read(from))
    }
}

impl<T: Wire> Wire for Box<T> {
    fn write(&self, out: &mut Vec<u8>) {
        T::write(self, out);
    }

    fn read(from: &mut Reader) -> Self {
        Self::new(T::read(from))
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        write_list(self, out);
    }

    fn read(from: &mut Reader) -> Self {
        // Grows with what is really there: a short message that claims a long list must not take its memory.
        let mut values = Self::new();
        for _ in 0..from.length() {
            if from.damaged {
                break;
            }
            values.push(T::read(from));
        }
        values
    }
}

impl<T: Wire> Wire for Rc<[T]> {
    fn write(&self, out: &mut Vec<u8>) {
        write_list(self, out);
    }

    fn read(from: &mut Reader) -> Self {
        Vec::read(from).into()
    }
}

fn write_list<T: Wire>(list: &[T], out: &mut Vec<u8>) {
    write_number(list.len() as u64, out);
    for value in list {
        value.write(out);
    }
}

impl<K: Wire + Ord, V: Wire> Wire for SortedMap<K, V> {
    fn write(&self, out: &mut Vec<u8>) {
        write_number(self.len() as u64, out);
        for (key, value) in self {
            key.write(out);
            value.write(out);
        }
    }

    fn read(from: &mut Reader) -> Self {
        Vec::<(K, V)>::read(from).into_iter().collect()
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(from: &mut Reader) -> Self {
        (A::read(from), B::read(from))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;

    fn check<T: Wire + PartialEq + Debug>(value: &T, bytes: &[u8]) {
        assert_eq!(write(value), bytes, "{value:?}");
        assert_eq!(read::<T>(bytes).as_ref(), Some(value), "{bytes:?}");
        for cut in 0..bytes.len() {
            assert_eq!(read::<T>(&bytes[..cut]), None, "{cut} bytes of {value:?}");
        }
        assert_eq!(read::<T>(&[bytes, &[0]].concat()), None, "more than {value:?}");
    }

    #[test]
    fn values_cross_as_postcard_writes_them() {
        check(&false, &[0]);
        check(&127_u32, &[127]);
        check(&300_u16, &[0xac, 2]);
        check(&u64::MAX, &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]);
        check(&0_i64, &[0]);
        check(&-1_i32, &[1]);
        check(&i64::MIN, &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]);
        check(&i64::MAX, &[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]);
        check(&"语".to_owned(), &[3, 0xe8, 0xaf, 0xad]);
        check(&Some(Rc::<str>::from("a")), &[1, 1, b'a']);
        check(&vec![(1_u8, true), (2, false)], &[2, 1, 1, 2, 0]);
        check(&SortedMap::from([("k".to_owned(), 9_u32)]), &[1, 1, b'k', 9]);
    }

    #[test]
    fn what_is_out_of_range_is_damage() {
        assert_eq!(read::<bool>(&[2]), None);
        assert_eq!(read::<u8>(&[0x80, 2]), None);
        assert_eq!(read::<i32>(&write(&(i64::from(i32::MAX) + 1))), None);
        assert_eq!(read::<u64>(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]), None);
        assert_eq!(read::<u64>(&[0x80; 11]), None);
        assert_eq!(read::<String>(&[1, 0xff]), None);
        assert_eq!(read::<Vec<u32>>(&[0xff, 0xff, 0xff, 0xff, 0x0f, 1]), None, "a length beyond the message");
    }
}
