//! Terraform and OpenTofu: modules of several files, and plans as JSON.

mod module;
mod resources;
