//! How a type is described: by the names of its fields or variants, in the order and with the numbers that cross.

/// Structs: a field that is missing in the list does not compile.
macro_rules! structs {
    ($($type:ident { $($field:ident)* })*) => {$(
        impl crate::wire::Wire for $type {
            fn write(&self, out: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($field.write(out);)*
            }

            fn read(from: &mut crate::wire::Reader) -> Self {
                Self { $($field: crate::wire::Wire::read(from)),* }
            }
        }
    )*};
}

/// Enums: a variant that is missing in the list does not compile. The first value is the one that is read after damage.
macro_rules! enums {
    ($($type:ident or $damaged:expr => {
        $($number:literal $variant:ident $(($($item:ident)*))? $({$($field:ident)*})?,)*
    })*) => {$(
        impl crate::wire::Wire for $type {
            fn write(&self, out: &mut Vec<u8>) {
                match self {
                    $(Self::$variant $(($($item),*))? $({$($field),*})? => {
                        crate::wire::write_number($number, out);
                        $($($item.write(out);)*)?
                        $($($field.write(out);)*)?
                    })*
                }
            }

            fn read(from: &mut crate::wire::Reader) -> Self {
                match from.number() {
                    $($number => {
                        $($(let $item = crate::wire::Wire::read(from);)*)?
                        $($(let $field = crate::wire::Wire::read(from);)*)?
                        Self::$variant $(($($item),*))? $({$($field),*})?
                    })*
                    _ => {
                        from.fail();
                        $damaged
                    }
                }
            }
        }
    )*};
}

pub(super) use {enums, structs};
