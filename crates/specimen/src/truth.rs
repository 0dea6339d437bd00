//! Pieces come in; every printed value under its key, as JSON, goes out.

use crate::plan::Plan;
use crate::sheet::Piece;
use serde_json::{Map, Value, json};

/// The truth of a package: what is printed where.
///
/// A cell stands under "form/path" with its place; the report's paragraphs stand in order.
pub fn truth(plan: &Plan, pieces: &[Piece]) -> Value {
    let mut cells = Map::new();
    let mut report = Vec::new();
    let mut table = 0;
    let mut paragraph = 0;
    for piece in pieces {
        match piece {
            Piece::Line(line) => {
                paragraph += 1;
                report.push(json!({ "key": line.key, "paragraph": paragraph, "text": line.text }));
            }
            Piece::Grid(grid) => {
                table += 1;
                for cell in grid.cells.iter().filter(|c| !c.path.is_empty()) {
                    let value = json!({ "text": cell.text, "table": table, "row": cell.row, "col": cell.col });
                    cells.insert(format!("{}/{}", grid.form, cell.path), value);
                }
            }
        }
    }
    json!({
        "seed": plan.seed,
        "year": plan.year,
        "unit_name": plan.unit,
        "projects": plan.projects.len(),
        "cells": cells,
        "paragraphs": report,
    })
}
