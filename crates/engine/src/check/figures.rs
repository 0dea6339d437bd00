//! Exact numbers come in; how people print them goes out.

use jiheng_model::form::Form;
use jiheng_model::scorecard::round;
use jiheng_model::{Decimal, Stated, Unit};

/// An amount with two digits after the point: 1433.33.
pub fn amount(value: Decimal) -> String {
    let mut rounded = round(value, 2);
    rounded.rescale(2);
    rounded.to_string()
}

/// A rate, given in percent, with two digits after the point: 353.30%.
pub fn percent(value: Decimal) -> String {
    format!("{}%", amount(value))
}

/// A name in quotation marks; one that has its own stays as it is.
pub fn quoted(name: &str) -> String {
    match name.contains('“') {
        true => name.to_string(),
        false => format!("“{name}”"),
    }
}

/// `part` in percent of `whole`; `None` when the whole is zero or the numbers are too large.
pub fn share(part: Decimal, whole: Decimal) -> Option<Decimal> {
    part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)
}

/// A printed amount in 万元.
pub fn wan_yuan(stated: &Stated) -> Option<Decimal> {
    stated.number_in(&Unit::wan_yuan())
}

/// 全年执行数 in percent of 全年预算数 of a form's 年度资金总额.
pub fn execution(form: &Form) -> Option<Decimal> {
    share(
        form.amount("funds.total.outturn")?,
        form.amount("funds.total.final_budget")?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_rates_are_rounded_half_up_and_keep_two_places() {
        assert_eq!(amount("62.2".parse().unwrap()), "62.20");
        assert_eq!(percent("353.295".parse().unwrap()), "353.30%");
        assert_eq!(share(Decimal::ONE, Decimal::ZERO), None);
    }
}
