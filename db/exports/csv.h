#pragma once

#include "core/enrollment/attestation_run.h"

#include <QByteArray>

#include <span>

namespace enroll::db::exports {

/// One cell, in quotation marks if it holds a comma, a quotation mark or a line break. A text that a spreadsheet would
/// run as a formula gets an apostrophe in front: serial numbers and device names are not ours.
///
/// \par Source   RFC 4180, section 2
QByteArray csvCell(std::string_view text);

/// Cells, commas and CRLF.
QByteArray csvRow(std::span<const std::string> cells);

/// The line of column names. The first column of every line is the version of this format.
QByteArray csvHeader();
/// The texts of a run as printableText(), so that each run is one line and none controls the terminal that shows the file.
QByteArray csvLine(const enrollment::AttestationRun& run);

} // namespace enroll::db::exports
