//! What the values of an expression measure; 万元 plus 分 has no type.

use jiheng_model::FieldType;

/// What a number measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Counted rows or forms.
    Number,
    /// A ratio; 1 is 100%.
    Rate,
    /// 万元.
    Money,
    /// 分.
    Points,
    /// 人.
    Persons,
    /// ㎡.
    Area,
}

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Truth,
    /// Words.
    Text,
    /// A date.
    Date,
    /// Whatever an indicator's value is.
    Any,
    /// A bare number of the rule or a parameter; it takes the measure of the other side.
    Bare,
    /// A number with a measure.
    Of(Measure),
}

impl Type {
    /// The type of a field.
    pub fn of(field: FieldType) -> Type {
        match field {
            FieldType::Money => Type::Of(Measure::Money),
            FieldType::Rate => Type::Of(Measure::Rate),
            FieldType::Points => Type::Of(Measure::Points),
            FieldType::Persons => Type::Of(Measure::Persons),
            FieldType::Area => Type::Of(Measure::Area),
            FieldType::Date => Type::Date,
            FieldType::Any => Type::Any,
            FieldType::Text | FieldType::Signature | FieldType::Phone => Type::Text,
        }
    }

    /// It is a number of some kind.
    pub fn is_number(self) -> bool {
        matches!(self, Type::Bare | Type::Of(_))
    }

    /// The type of both when one can stand beside the other in a sum or comparison.
    pub fn beside(self, other: Type) -> Option<Type> {
        match (self, other) {
            (a, b) if a == b => Some(a),
            (Type::Bare, Type::Of(m)) | (Type::Of(m), Type::Bare) => Some(Type::Of(m)),
            (Type::Any, Type::Text) | (Type::Text, Type::Any) => Some(Type::Any),
            _ => None,
        }
    }

    /// The type of the product.
    pub fn times(self, other: Type) -> Option<Type> {
        match (self, other) {
            (a, Type::Bare) | (Type::Bare, a) if a.is_number() => Some(a),
            (a, Type::Of(Measure::Rate | Measure::Number)) if a.is_number() => Some(a),
            (Type::Of(Measure::Rate | Measure::Number), a) if a.is_number() => Some(a),
            _ => None,
        }
    }

    /// The type of the quotient.
    pub fn over(self, other: Type) -> Option<Type> {
        match (self, other) {
            (Type::Bare, Type::Bare) => Some(Type::Bare),
            (Type::Of(a), Type::Of(b)) if a == b => Some(Type::Of(Measure::Rate)),
            (a, Type::Bare | Type::Of(Measure::Rate)) if a.is_number() => Some(a),
            _ => None,
        }
    }

    /// The name for people.
    pub fn chinese(self) -> &'static str {
        match self {
            Type::Truth => "是否",
            Type::Text => "文字",
            Type::Date => "日期",
            Type::Any => "指标值",
            Type::Bare => "数",
            Type::Of(Measure::Number) => "个数",
            Type::Of(Measure::Rate) => "比率",
            Type::Of(Measure::Money) => "金额",
            Type::Of(Measure::Points) => "分数",
            Type::Of(Measure::Persons) => "人数",
            Type::Of(Measure::Area) => "面积",
        }
    }
}
