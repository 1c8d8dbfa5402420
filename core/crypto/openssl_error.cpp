#include "core/crypto/openssl_error.h"

#include <openssl/err.h>

#include <array>

namespace enroll::crypto {
namespace {

std::string textOf(unsigned long code)
{
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    return text.data();
}

} // namespace

Error opensslError(ErrorCode code, std::string what, std::string operation, SourceLocation where)
{
    auto error = makeError(code, std::move(what), std::move(operation), {}, where);
    while (const auto entry = ERR_get_error()) {
        if (error.trail.empty()) {
            error.source = OpenSslCode{entry};
        }
        error.trail.push_back(textOf(entry));
    }
    return error;
}

} // namespace enroll::crypto
