#pragma once

#include "db/dps/http_message.h"

#include <QJsonObject>

namespace enroll::db::dps {

/// The object's compact UTF-8 text.
Bytes jsonBody(const QJsonObject& object);

/// The answer's body as a JSON object. Error U-502.
Result<QJsonObject> jsonObjectOf(const HttpAnswer& answer, const std::string& operation);

} // namespace enroll::db::dps
