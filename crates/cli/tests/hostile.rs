//! Files made to break a reader go in; one plain sentence each, within two seconds and 256 MB, is what must come out.

#[path = "hostile/bomb.rs"]
mod bomb;
#[path = "hostile/containers.rs"]
mod containers;
#[path = "hostile/kinds.rs"]
mod kinds;
#[path = "../../../xtask/src/measured.rs"]
mod measured;
#[path = "hostile/ole.rs"]
mod ole;
#[path = "hostile/pdf.rs"]
mod pdf;
#[path = "hostile/sheets.rs"]
mod sheets;
#[path = "hostile/words.rs"]
mod words;
