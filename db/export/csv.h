#pragma once

#include "core/enrollment/attestation_run.h"

#include <QByteArray>

#include <span>

namespace enroll::db::exporting {

/// One cell: in quotation marks where it holds a comma, a quotation mark or a line break; with an apostrophe in front
/// where a spreadsheet would run it as a formula.
///
/// \par Source   RFC 4180, section 2
QByteArray csvCell(std::string_view text);

/// Cells, commas and CRLF.
QByteArray csvRow(std::span<const std::string> cells);

/// The names of a run's columns. The first column of every line is the version of this form.
QByteArray csvHeader();
QByteArray csvLine(const enrollment::AttestationRun& run);

} // namespace enroll::db::exporting
