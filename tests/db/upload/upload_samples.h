#pragma once

#include "core/base/bytes.h"
#include "core/crypto/base64.h"
#include "core/crypto/digest.h"
#include "core/enrollment/enrollment_record.h"
#include "db/upload/http_message.h"
#include "tests/support/must.h"

#include <QByteArrayList>

namespace enroll::test {

/// "dev-007": the seventh record's registration id.
inline enrollment::RegistrationId idNumber(int number)
{
    const auto digits = std::to_string(number);
    return enrollment::RegistrationId{"dev-" + std::string(3 - digits.size(), '0') + digits};
}

/// A record whose key is told from others by its last bytes; the uploader never looks inside a key.
inline enrollment::EnrollmentRecord recordNumber(int number)
{
    enrollment::EnrollmentRecord record;
    record.registrationId = idNumber(number);
    record.serialNumber = enrollment::SerialNumber{"GX-" + std::to_string(100000 + number)};
    record.endorsementKey = concat({Bytes(60, std::byte{0x3a}), asBytes(record.registrationId.text())});
    record.endorsementKeyDigest = must(crypto::digest(crypto::HashAlgorithm::Sha256, {record.endorsementKey}));
    return record;
}

inline QByteArray base64Of(ByteView bytes)
{
    return QByteArray::fromStdString(crypto::toBase64(bytes));
}

/// What the service answers when asked for an enrollment of \p id with \p endorsementKey.
inline QByteArray enrollmentBody(const std::string& id, ByteView endorsementKey)
{
    QByteArray body(R"({"registrationId":"ID","attestation":{"type":"tpm","tpm":{"endorsementKey":"KEY"}},)"
                    R"("etag":"\"1\"","provisioningStatus":"enabled"})");
    return body.replace("ID", QByteArray::fromStdString(id)).replace("KEY", base64Of(endorsementKey));
}

inline db::upload::HttpAnswer answerWith(int status, const QByteArray& body,
                                         std::map<std::string, std::string> headers = {})
{
    return {status, std::move(headers), toBytes(asBytes(body.toStdString()))};
}

inline constexpr auto kBulkDone = R"({"isSuccessful":true,"errors":[]})";

/// One item of a bulk result that is refused.
inline QByteArray bulkRefusal(const enrollment::RegistrationId& id, int code, const QByteArray& words = "refused")
{
    QByteArray item(R"({"registrationId":"ID","errorCode":CODE,"errorStatus":"WORDS"})");
    return item.replace("ID", QByteArray::fromStdString(id.text()))
        .replace("CODE", QByteArray::number(code))
        .replace("WORDS", words);
}

inline QByteArray bulkResult(const QByteArrayList& refusals)
{
    return QByteArray(R"({"isSuccessful":false,"errors":[LIST]})").replace("LIST", refusals.join(','));
}

} // namespace enroll::test
