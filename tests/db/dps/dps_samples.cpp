#include "tests/db/dps/dps_samples.h"

#include "core/crypto/base64.h"

namespace enroll::test {

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

db::dps::HttpAnswer answerWith(int status, const QByteArray& body, std::map<std::string, std::string> headers)
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
