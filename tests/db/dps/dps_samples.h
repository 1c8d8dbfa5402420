#pragma once

#include "core/base/bytes.h"
#include "core/enrollment/ids.h"
#include "db/dps/http_message.h"

#include <QByteArrayList>

namespace enroll::test {

QByteArray base64Of(ByteView bytes);

/// What the service answers when asked for an enrollment of \p id with \p endorsementKey.
QByteArray enrollmentBody(const std::string& id, ByteView endorsementKey);

db::dps::HttpAnswer answerWith(int status, const QByteArray& body, std::map<std::string, std::string> headers = {});

/// A bulk result without an error.
QByteArray bulkDone();
/// One item of a bulk result that is refused.
QByteArray bulkRefusal(const enrollment::RegistrationId& id, int code, const QByteArray& words = "refused");
QByteArray bulkResult(const QByteArrayList& refusals);

} // namespace enroll::test
