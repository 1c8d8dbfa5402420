#pragma once

#include "core/base/error.h"
#include "db/documents/record_not_understood.h"

#include <QJsonArray>

#include <span>

namespace enroll::app::enrollctl {

/// Says of records that this program does not understand, at least one, what was not done with them: \p notDone is "not
/// sent".
Error recordsNotUnderstood(std::string_view notDone, std::span<const db::documents::RecordNotUnderstood> records);

/// `[{registrationId, code: "S-304", headline, nextStep, reason, schema}]`, for --json.
QJsonArray notUnderstoodDocument(std::span<const db::documents::RecordNotUnderstood> records);

} // namespace enroll::app::enrollctl
