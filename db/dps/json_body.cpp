#include "db/dps/json_body.h"

#include "core/base/cloud_code.h"
#include "core/base/recoded.h"
#include "db/documents/json_text.h"

namespace enroll::db::dps {

Bytes jsonBody(const QJsonObject& object)
{
    const auto text = documents::canonicalJson(object);
    return toBytes(asBytes({text.constData(), static_cast<std::size_t>(text.size())}));
}

Result<QJsonObject> jsonObjectOf(const HttpAnswer& answer, const std::string& operation)
{
    auto object = prefixed("the answer is not a JSON object: ",
                           recoded(documents::parseJsonObject(ByteView{answer.body}), CloudCode::AnswerMalformed));
    if (!object) {
        auto error = std::move(object).error();
        error.operation = operation;
        error.source = HttpStatus{answer.status};
        return error;
    }
    return object;
}

} // namespace enroll::db::dps
