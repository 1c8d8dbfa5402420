#include "db/dps/json_body.h"

#include "core/base/cloud_code.h"
#include "db/documents/json_text.h"

namespace enroll::db::dps {

Bytes jsonBody(const QJsonObject& object)
{
    const auto text = documents::canonicalJson(object);
    return toBytes(asBytes({text.constData(), static_cast<std::size_t>(text.size())}));
}

Result<QJsonObject> jsonObjectOf(const HttpAnswer& answer, const std::string& operation)
{
    auto object = documents::parseJsonObject(ByteView{answer.body});
    if (!object) {
        return makeError(CloudCode::AnswerMalformed, "the answer is not a JSON object: " + object.error().what,
                         operation, HttpStatus{answer.status});
    }
    return object;
}

} // namespace enroll::db::dps
