#include "app/enrollctl/json_values.h"

namespace enroll::app::enrollctl {

QJsonValue textOrNull(std::string_view utf8)
{
    return utf8.empty() ? QJsonValue{} : QJsonValue{db::qt::toQString(utf8)};
}

} // namespace enroll::app::enrollctl
