#include "tests/db/upload/upload_samples.h"

#include "core/crypto/base64.h"
#include "core/crypto/digest.h"

namespace enroll::test {

enrollment::RegistrationId idNumber(int number)
{
    const auto digits = std::to_string(number);
    return enrollment::RegistrationId{"dev-" + std::string(3 - digits.size(), '0') + digits};
}

enrollment::EnrollmentRecord recordNumber(int number)
{
    enrollment::EnrollmentRecord record;
    record.registrationId = idNumber(number);
    record.serialNumber = enrollment::SerialNumber{"GX-" + std::to_string(100000 + number)};
    record.endorsementKey = concat({Bytes(60, std::byte{0x3a}), asBytes(record.registrationId.text())});
    record.endorsementKeyDigest = must(crypto::digest(crypto::HashAlgorithm::Sha256, {record.endorsementKey}));
    return record;
}

QByteArray base64Of(ByteView bytes)
{
    return QByteArray::fromStdString(crypto::toBase64(bytes));
}

QByteArray enrollmentBody(const std::string& id, ByteView endorsementKey)
{
    QByteArray body(R"({"registrationId":"ID","attestation":{"type":"tpm","tpm":{"endorsementKey":"KEY"}},)"
                    R"("etag":"\"1\"","provisioningStatus":"enabled"})");
    return body.replace("ID", QByteArray::fromStdString(id)).replace("KEY", base64Of(endorsementKey));
}

db::upload::HttpAnswer answerWith(int status, const QByteArray& body, std::map<std::string, std::string> headers)
{
    return {status, std::move(headers), toBytes(asBytes(body.toStdString()))};
}

QByteArray bulkDone()
{
    return R"({"isSuccessful":true,"errors":[]})";
}

QByteArray bulkRefusal(const enrollment::RegistrationId& id, int code, const QByteArray& words)
{
    QByteArray item(R"({"registrationId":"ID","errorCode":CODE,"errorStatus":"WORDS"})");
    return item.replace("ID", QByteArray::fromStdString(id.text()))
        .replace("CODE", QByteArray::number(code))
        .replace("WORDS", words);
}

QByteArray bulkResult(const QByteArrayList& refusals)
{
    return QByteArray(R"({"isSuccessful":false,"errors":[LIST]})").replace("LIST", refusals.join(','));
}

} // namespace enroll::test
