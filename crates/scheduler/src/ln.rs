//! The natural logarithm, the same on every target.
//!
//! The logarithm of a platform's C library may differ in the last bit from another's. Go computes it with the reduction and
//! the polynomial below (they are those of FreeBSD's `e_log.c`); with the same operations in the same order the
//! weights of topology spreading are the same bits as in kube-scheduler (SCH-S-SPREAD-7).

const LN2_HI: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
const LN2_LO: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
const L: [f64; 7] = [
    f64::from_bits(0x3fe5_5555_5555_5593),
    f64::from_bits(0x3fd9_9999_9997_fa04),
    f64::from_bits(0x3fd2_4924_9422_9359),
    f64::from_bits(0x3fcc_71c5_1d8e_78af),
    f64::from_bits(0x3fc7_4664_96cb_03de),
    f64::from_bits(0x3fc3_9a09_d078_c69f),
    f64::from_bits(0x3fc2_f112_df3e_5244),
];

/// ln(x) for a finite x of at least 1.
#[expect(clippy::many_single_char_names, reason = "the letters of the published algorithm")]
pub(crate) fn ln(x: f64) -> f64 {
    // x = f · 2^k with f in [√2/2, √2).
    let bits = x.to_bits();
    let mut k = ((bits >> 52) & 0x7ff) as i32 - 1022;
    let mut f = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3fe0_0000_0000_0000);
    if f < std::f64::consts::FRAC_1_SQRT_2 {
        f *= 2.0;
        k -= 1;
    }
    f -= 1.0;
    let k = f64::from(k);

    let s = f / (2.0 + f);
    let s2 = s * s;
    let s4 = s2 * s2;
    let t1 = s2 * (L[0] + s4 * (L[2] + s4 * (L[4] + s4 * L[6])));
    let t2 = s4 * (L[1] + s4 * (L[3] + s4 * L[5]));
    let r = t1 + t2;
    let half_square = 0.5 * f * f;
    k * LN2_HI - ((half_square - (s * (half_square + r) + k * LN2_LO)) - f)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_library_to_the_last_bits() {
        for n in 1..20_000 {
            let x = f64::from(n);
            let difference = (ln(x) - x.ln()).abs();
            assert!(difference <= x.ln() * f64::EPSILON, "ln({n}): off by {difference:e}");
        }
    }
}
