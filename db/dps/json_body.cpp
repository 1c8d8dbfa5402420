#include "db/dps/json_body.h"

#include "core/base/cloud_code.h"

#include <QJsonDocument>

namespace enroll::db::dps {

Bytes jsonBody(const QJsonObject& object)
{
    const auto text = QJsonDocument{object}.toJson(QJsonDocument::Compact);
    return toBytes(asBytes({text.constData(), static_cast<std::size_t>(text.size())}));
}

Result<QJsonObject> jsonObjectOf(const HttpAnswer& answer, const std::string& operation)
{
    const auto text = asText(answer.body);
    QJsonParseError fault;
    const auto document =
        QJsonDocument::fromJson(QByteArray::fromRawData(text.data(), static_cast<qsizetype>(text.size())), &fault);
    if (!document.isObject()) {
        const auto why =
            fault.error == QJsonParseError::NoError ? QStringLiteral("not an object") : fault.errorString();
        return makeError(CloudCode::AnswerMalformed, "the answer is not a JSON object: " + why.toStdString(), operation,
                         HttpStatus{answer.status});
    }
    return document.object();
}

std::string textOf(const QJsonObject& object, const char* member)
{
    return object.value(QLatin1String(member)).toString().toStdString();
}

} // namespace enroll::db::dps
