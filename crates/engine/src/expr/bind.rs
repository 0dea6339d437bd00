//! The tree of an expression and the forms of a rulebook come in; the same tree with slots for names and a type, or what is wrong, goes out.

use super::Trouble;
use super::ast::{Call, Expr, Kind, Operator};
use super::types::{Measure, Type};
use crate::rulebook::{Parameter, ParameterValue};
use jiheng_model::{Decimal, FormDef};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a rule runs over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum On {
    /// The package, once.
    Package,
    /// Each form of a kind.
    Form(Arc<str>),
    /// Each row of a list of a kind of form.
    Rows(Arc<str>, Arc<str>),
}

/// What names may mean.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Forms of the rulebook.
    pub forms: &'a [Arc<FormDef>],
    /// Parameters of the rulebook.
    pub parameters: &'a BTreeMap<String, Parameter>,
    /// What the rule runs over.
    pub on: &'a On,
    /// What `{col}` stands for.
    pub col: Option<&'a str>,
}

/// An expression whose names are slots.
#[derive(Clone, Debug)]
pub enum Bound {
    /// A number of the rule or a parameter.
    Number(Decimal, Option<Measure>),
    /// Words.
    Text(String),
    /// True or false.
    Truth(bool),
    /// A cell of the form, or a column of the row in scope.
    Cell(Cell),
    /// Something over rows or forms.
    Over(Call, Many, Box<Bound>),
    /// A function of values.
    Call(Call, Vec<Bound>),
    /// `-x`
    Minus(Box<Bound>),
    /// `not x`
    Not(Box<Bound>),
    /// `a + b`
    Binary(Operator, Box<Bound>, Box<Bound>),
}

/// A cell by slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The kind of form; `None`: the form the rule runs over.
    pub form: Option<Arc<str>>,
    /// The list, for a column of the row in scope.
    pub list: Option<Arc<str>>,
    /// Path of the field or key of the column.
    pub path: Arc<str>,
    /// Its slot.
    pub slot: u16,
    /// Its label, for reasons.
    pub label: Arc<str>,
    /// Its type.
    pub ty: Type,
}

/// What a sum or count runs over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Many {
    /// The rows of a list of a form (`None`: the form the rule runs over).
    Rows(Option<Arc<str>>, Arc<str>),
    /// All forms of a kind.
    Forms(Arc<str>),
}

/// The meaning of a name.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// A cell.
    Cell(Cell),
    /// A column of a list that is not in scope by itself.
    Column(Many, Cell),
    /// A list or a kind of form as a whole, for `count`.
    Whole(Many),
    /// A parameter.
    Parameter(Bound, Type),
}

/// Binds an expression; its type comes with it.
///
/// # Errors
/// K110 for measures that differ, K112 for names that nothing has.
pub fn bind(expr: &Expr, scope: &Scope<'_>) -> Result<(Bound, Type), Trouble> {
    Binder {
        scope: *scope,
        over: None,
    }
    .bind(expr)
}

/// What a name means in a scope.
pub fn resolve(name: &str, scope: &Scope<'_>) -> Option<Meaning> {
    Binder {
        scope: *scope,
        over: None,
    }
    .resolve(name)
}

struct Binder<'a> {
    scope: Scope<'a>,
    /// What the innermost sum or count runs over.
    over: Option<Many>,
}

impl Bound {
    /// The cells named in it, those inside sums and counts excepted.
    pub fn cells<'a>(&'a self, cells: &mut Vec<&'a Cell>) {
        match self {
            Bound::Cell(cell) => cells.push(cell),
            Bound::Call(_, arguments) => arguments.iter().for_each(|a| a.cells(cells)),
            Bound::Minus(inner) | Bound::Not(inner) => inner.cells(cells),
            Bound::Binary(_, left, right) => {
                left.cells(cells);
                right.cells(cells);
            }
            Bound::Number(..) | Bound::Text(_) | Bound::Truth(_) | Bound::Over(..) => {}
        }
    }
}

impl Binder<'_> {
    fn bind(&self, expr: &Expr) -> Result<(Bound, Type), Trouble> {
        match &expr.kind {
            Kind::Number(n) => Ok((Bound::Number(*n, None), Type::Bare)),
            Kind::Percent(n) => {
                let fraction = n.checked_mul(Decimal::new(1, 2)).unwrap_or(*n);
                Ok((
                    Bound::Number(fraction, Some(Measure::Rate)),
                    Type::Of(Measure::Rate),
                ))
            }
            Kind::Text(t) => Ok((Bound::Text(t.clone()), Type::Text)),
            Kind::Truth(t) => Ok((Bound::Truth(*t), Type::Truth)),
            Kind::Name(name) => self.name(name, expr),
            Kind::Call(call, arguments) => self.call(*call, arguments, expr),
            Kind::Minus(inner) => {
                let (bound, ty) = self.number(inner)?;
                Ok((Bound::Minus(Box::new(bound)), ty))
            }
            Kind::Not(inner) => Ok((Bound::Not(Box::new(self.truth(inner)?)), Type::Truth)),
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right),
        }
    }

    fn name(&self, name: &str, expr: &Expr) -> Result<(Bound, Type), Trouble> {
        match self.resolve(name) {
            Some(Meaning::Cell(cell)) => {
                let ty = cell.ty;
                Ok((Bound::Cell(cell), ty))
            }
            Some(Meaning::Parameter(bound, ty)) => Ok((bound, ty)),
            Some(Meaning::Column(..) | Meaning::Whole(_)) => Err(Trouble::new(
                "K112",
                format!("{name} 有许多行，要写在 sum() 或 count() 里"),
                expr.span.clone(),
            )),
            None => Err(Trouble::new("K112", self.unknown(name), expr.span.clone())),
        }
    }

    fn binary(
        &self,
        operator: Operator,
        left: &Expr,
        right: &Expr,
    ) -> Result<(Bound, Type), Trouble> {
        if matches!(operator, Operator::And | Operator::Or) {
            let (l, r) = (self.truth(left)?, self.truth(right)?);
            return Ok((
                Bound::Binary(operator, Box::new(l), Box::new(r)),
                Type::Truth,
            ));
        }
        let ((l, lt), (r, rt)) = (self.bind(left)?, self.bind(right)?);
        let ty = match operator {
            Operator::Plus | Operator::Minus => lt.beside(rt).filter(|t| t.is_number()),
            Operator::Times => lt.times(rt),
            Operator::Over => lt.over(rt),
            Operator::Equal | Operator::Differs | Operator::Is => {
                lt.beside(rt).map(|_| Type::Truth)
            }
            _ => lt
                .beside(rt)
                .filter(|t| t.is_number() || *t == Type::Date)
                .map(|_| Type::Truth),
        };
        let Some(ty) = ty else {
            let message = format!(
                "{left} 是{}，{right} 是{}，{}和{}不能用“{}”",
                lt.chinese(),
                rt.chinese(),
                lt.chinese(),
                rt.chinese(),
                operator.text()
            );
            return Err(Trouble::between(message, left, right));
        };
        Ok((Bound::Binary(operator, Box::new(l), Box::new(r)), ty))
    }

    fn call(&self, call: Call, arguments: &[Expr], whole: &Expr) -> Result<(Bound, Type), Trouble> {
        let count = |want: &str| {
            Trouble::new(
                "K111",
                format!("{}() 应有{want}", call.text()),
                whole.span.clone(),
            )
        };
        match call {
            Call::Sum | Call::Count => match arguments {
                [only] => self.over(call, only),
                _ => Err(count("一项")),
            },
            Call::Min | Call::Max => {
                let mut bounds = Vec::new();
                let mut ty: Option<Type> = None;
                let first = arguments.first();
                for argument in arguments {
                    let (bound, own) = self.number(argument)?;
                    let beside = ty.map_or(Some(own), |t| t.beside(own));
                    let Some(beside) = beside else {
                        let message = format!("{argument} 的计量与前面的不同");
                        return Err(Trouble::between(message, first.unwrap_or(whole), argument));
                    };
                    ty = Some(beside);
                    bounds.push(bound);
                }
                match ty {
                    Some(ty) if bounds.len() >= 2 => Ok((Bound::Call(call, bounds), ty)),
                    _ => Err(count("两项以上")),
                }
            }
            Call::Abs => match arguments {
                [only] => self
                    .number(only)
                    .map(|(b, ty)| (Bound::Call(call, vec![b]), ty)),
                _ => Err(count("一项")),
            },
            Call::Round => match arguments {
                [value, digits] => {
                    let (bound, ty) = self.number(value)?;
                    match self.number(digits)? {
                        (Bound::Number(n, None), _)
                            if n.is_integer() && (0..=10).contains(&n.mantissa()) =>
                        {
                            Ok((Bound::Call(call, vec![bound, Bound::Number(n, None)]), ty))
                        }
                        _ => Err(Trouble::new(
                            "K111",
                            "位数应是 0 到 10 的整数",
                            digits.span.clone(),
                        )),
                    }
                }
                _ => Err(count("两项：数和位数")),
            },
            Call::Rate | Call::Percent => match arguments {
                [only] => match self.number(only)? {
                    (bound, Type::Of(Measure::Rate) | Type::Bare) => {
                        Ok((Bound::Call(call, vec![bound]), Type::Of(Measure::Rate)))
                    }
                    (_, ty) => Err(Trouble::new(
                        "K110",
                        format!("{}() 里应是比率，这里是{}", call.text(), ty.chinese()),
                        only.span.clone(),
                    )),
                },
                _ => Err(count("一项")),
            },
            Call::Blank | Call::Present => match arguments {
                [only] => match self.bind(only)? {
                    (bound @ Bound::Cell(_), _) => {
                        Ok((Bound::Call(call, vec![bound]), Type::Truth))
                    }
                    _ => Err(Trouble::new(
                        "K111",
                        format!("{}() 里应是一个栏目", call.text()),
                        only.span.clone(),
                    )),
                },
                _ => Err(count("一项")),
            },
        }
    }

    /// `sum(projects.outturn)`, `count(project)`, `count(indicators.points > 0)`.
    fn over(&self, call: Call, inner: &Expr) -> Result<(Bound, Type), Trouble> {
        if self.over.is_some() {
            return Err(Trouble::new(
                "K111",
                "sum() 和 count() 不能套用",
                inner.span.clone(),
            ));
        }
        if let (Call::Count, Kind::Name(name)) = (call, &inner.kind)
            && let Some(Meaning::Whole(many)) = self.resolve(name)
        {
            return Ok((
                Bound::Over(call, many, Box::new(Bound::Truth(true))),
                Type::Of(Measure::Number),
            ));
        }
        let Some(many) = self.many(inner) else {
            let message = format!("{}() 里没有清单的列，也没有其他表的栏目", call.text());
            return Err(Trouble::new("K112", message, inner.span.clone()));
        };
        let within = Binder {
            scope: self.scope,
            over: Some(many.clone()),
        };
        let (bound, ty) = within.bind(inner)?;
        let ty = match call {
            Call::Sum if ty.is_number() => ty,
            Call::Sum => {
                return Err(Trouble::new(
                    "K110",
                    format!("{}不能相加", ty.chinese()),
                    inner.span.clone(),
                ));
            }
            _ => Type::Of(Measure::Number),
        };
        Ok((Bound::Over(call, many, Box::new(bound)), ty))
    }

    /// What a sum over this expression runs over: the list or the forms that its first such name belongs to.
    fn many(&self, expr: &Expr) -> Option<Many> {
        match &expr.kind {
            Kind::Name(name) => self
                .column(&self.written(name))
                .map(|(many, _)| many)
                .or_else(|| {
                    let (form, _) = self.other(&self.written(name))?;
                    Some(Many::Forms(form))
                }),
            Kind::Call(_, arguments) => arguments.iter().find_map(|a| self.many(a)),
            Kind::Minus(inner) | Kind::Not(inner) => self.many(inner),
            Kind::Binary(_, left, right) => self.many(left).or_else(|| self.many(right)),
            _ => None,
        }
    }

    fn number(&self, expr: &Expr) -> Result<(Bound, Type), Trouble> {
        let (bound, ty) = self.bind(expr)?;
        if ty.is_number() {
            return Ok((bound, ty));
        }
        Err(Trouble::new(
            "K110",
            format!("这里应是数，却是{}", ty.chinese()),
            expr.span.clone(),
        ))
    }

    fn truth(&self, expr: &Expr) -> Result<Bound, Trouble> {
        match self.bind(expr)? {
            (bound, Type::Truth) => Ok(bound),
            (_, ty) => Err(Trouble::new(
                "K110",
                format!("这里应是一个条件，却是{}", ty.chinese()),
                expr.span.clone(),
            )),
        }
    }

    /// A name with `{col}` filled in.
    fn written(&self, name: &str) -> String {
        name.replace("{col}", self.scope.col.unwrap_or("{col}"))
    }

    fn resolve(&self, name: &str) -> Option<Meaning> {
        let name = self.written(name);
        if let Some(parameter) = name.strip_prefix("param.") {
            return self.parameter(parameter);
        }
        match &self.over {
            Some(Many::Rows(..)) => {
                if let Some((many, cell)) = self.column(&name)
                    && Some(&many) == self.over.as_ref()
                {
                    return Some(Meaning::Cell(cell));
                }
            }
            Some(Many::Forms(kind)) => {
                if let Some((form, cell)) = self.other(&name)
                    && form == *kind
                {
                    // Each form of the kind is the form in scope in its turn.
                    return Some(Meaning::Cell(Cell { form: None, ..cell }));
                }
            }
            None => {}
        }
        if let On::Rows(form, list) = self.scope.on {
            let (_, def) = self.form(form)?.list(list)?;
            if let Some(slot) = def.slot(&name) {
                return Some(Meaning::Cell(column_cell(None, def, slot)));
            }
        }
        if let On::Form(form) | On::Rows(form, _) = self.scope.on
            && let Some(cell) = self.form(form).and_then(|def| field_cell(None, def, &name))
        {
            return Some(Meaning::Cell(cell));
        }
        if let Some((_, cell)) = self.other(&name) {
            return Some(Meaning::Cell(cell));
        }
        if let Some((many, cell)) = self.column(&name) {
            return Some(Meaning::Column(many, cell));
        }
        self.whole(&name).map(Meaning::Whole)
    }

    /// A field of another form: `department.funds.total.outturn`.
    fn other(&self, name: &str) -> Option<(Arc<str>, Cell)> {
        let (kind, path) = name.split_once('.')?;
        let def = self.form(kind)?;
        let kind: Arc<str> = kind.into();
        Some((kind.clone(), field_cell(Some(kind), def, path)?))
    }

    /// A column of a list of the form in scope, or of another: `projects.outturn`, `baseline.projects.outturn`.
    fn column(&self, name: &str) -> Option<(Many, Cell)> {
        let (list, column) = name.rsplit_once('.')?;
        if let On::Form(form) | On::Rows(form, _) = self.scope.on
            && let Some((_, def)) = self.form(form).and_then(|f| f.list(list))
            && let Some(slot) = def.slot(column)
        {
            return Some((Many::Rows(None, list.into()), column_cell(None, def, slot)));
        }
        let (kind, list) = list.split_once('.')?;
        let (_, def) = self.form(kind)?.list(list)?;
        let slot = def.slot(column)?;
        Some((
            Many::Rows(Some(kind.into()), list.into()),
            column_cell(Some(kind.into()), def, slot),
        ))
    }

    /// A list or kind of form: `projects`, `baseline.projects`, `project`.
    fn whole(&self, name: &str) -> Option<Many> {
        if let On::Form(form) | On::Rows(form, _) = self.scope.on
            && self.form(form)?.list(name).is_some()
        {
            return Some(Many::Rows(None, name.into()));
        }
        if self.form(name).is_some() {
            return Some(Many::Forms(name.into()));
        }
        let (kind, list) = name.split_once('.')?;
        self.form(kind)?.list(list)?;
        Some(Many::Rows(Some(kind.into()), list.into()))
    }

    fn parameter(&self, name: &str) -> Option<Meaning> {
        Some(match &self.scope.parameters.get(name)?.value {
            ParameterValue::Number(n) => Meaning::Parameter(Bound::Number(*n, None), Type::Bare),
            ParameterValue::Text(t) => Meaning::Parameter(Bound::Text(t.clone()), Type::Text),
            _ => return None,
        })
    }

    fn form(&self, kind: &str) -> Option<&Arc<FormDef>> {
        self.scope.forms.iter().find(|f| f.id == kind)
    }

    fn unknown(&self, name: &str) -> String {
        if let Some(parameter) = name.strip_prefix("param.") {
            return format!("没有参数 {parameter}，或它不是一个数");
        }
        if name.contains("{col}") && self.scope.col.is_none() {
            return "用了 {col}，规则没有写 each".into();
        }
        format!("没有 {}", self.written(name))
    }
}

fn field_cell(form: Option<Arc<str>>, def: &FormDef, path: &str) -> Option<Cell> {
    let slot = def.slot(path)?;
    let field = def.fields.get(slot as usize)?;
    let (label, ty) = (field.label.as_str().into(), Type::of(field.ty));
    Some(Cell {
        form,
        list: None,
        path: path.into(),
        slot,
        label,
        ty,
    })
}

fn column_cell(form: Option<Arc<str>>, def: &jiheng_model::form::ListDef, slot: u16) -> Cell {
    let field = def.columns.get(slot as usize);
    let (path, label, ty) = field.map_or(("", "", Type::Any), |f| {
        (f.path.as_str(), f.label.as_str(), Type::of(f.ty))
    });
    Cell {
        form,
        list: Some(def.key.as_str().into()),
        path: path.into(),
        slot,
        label: label.into(),
        ty,
    }
}
