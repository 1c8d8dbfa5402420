#include "app/service/request_target.h"

#include "core/base/station_code.h"
#include "core/crypto/sas_token.h"

#include <algorithm>

namespace enroll::app::service {
namespace {

Result<std::string> decoded(const std::string& text)
{
    TRY_ASSIGN(auto plain, crypto::percentDecode(text));
    if (std::ranges::any_of(plain, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; })) {
        return makeError(StationCode::EncodingMalformed, "the path holds a control character");
    }
    return plain;
}

/// Splits at every \p separator; two in a row give an empty part.
std::vector<std::string> split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const auto end = std::min(text.find(separator, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

Result<std::vector<std::string>> pathOf(std::string text)
{
    std::vector<std::string> path;
    if (text.starts_with('/')) {
        text.erase(0, 1);
    }
    if (text.ends_with('/')) {
        text.pop_back();
    }
    for (const auto& part : split(text, '/')) {
        TRY_ASSIGN(auto segment, decoded(part));
        path.push_back(std::move(segment));
    }
    return path;
}

Result<std::map<std::string, std::string>> queryOf(const std::string& text)
{
    std::map<std::string, std::string> query;
    for (const auto& part : split(text, '&')) {
        const auto equals = std::min(part.find('='), part.size());
        const auto value = part.substr(std::min(equals + 1, part.size()));
        TRY_ASSIGN(auto name, decoded(part.substr(0, equals)));
        TRY_ASSIGN(query[std::move(name)], decoded(value));
    }
    return query;
}

} // namespace

Result<RequestTarget> parseRequestTarget(const std::string& target)
{
    const auto mark = std::min(target.find('?'), target.size());
    RequestTarget parsed;
    TRY_ASSIGN(parsed.path, pathOf(target.substr(0, mark)));
    TRY_ASSIGN(parsed.query, queryOf(target.substr(std::min(mark + 1, target.size()))));
    return parsed;
}

} // namespace enroll::app::service
