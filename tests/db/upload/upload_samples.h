#pragma once

#include "core/base/bytes.h"
#include "core/enrollment/enrollment_record.h"
#include "db/upload/http_message.h"
#include "tests/support/must.h"

#include <QByteArrayList>

namespace enroll::test {

/// "dev-007": the seventh record's registration id.
enrollment::RegistrationId idNumber(int number);

/// A record whose key is told from others by its last bytes; the uploader never looks inside a key.
enrollment::EnrollmentRecord recordNumber(int number);

QByteArray base64Of(ByteView bytes);

/// What the service answers when asked for an enrollment of \p id with \p endorsementKey.
QByteArray enrollmentBody(const std::string& id, ByteView endorsementKey);

db::upload::HttpAnswer answerWith(int status, const QByteArray& body, std::map<std::string, std::string> headers = {});

/// A bulk result without an error.
QByteArray bulkDone();
/// One item of a bulk result that is refused.
QByteArray bulkRefusal(const enrollment::RegistrationId& id, int code, const QByteArray& words = "refused");
QByteArray bulkResult(const QByteArrayList& refusals);

} // namespace enroll::test
