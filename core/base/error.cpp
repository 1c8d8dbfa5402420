#include "core/base/error.h"

#include "core/base/station_code.h"
#include "core/base/text.h"

#include <array>
#include <cstdio>
#include <cstring> // strerrordesc_np, a GNU extension

namespace enroll {
namespace {

struct SourceText {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(const TssCode& rc) const { return hex("TPM response code", rc.value); }
    std::string operator()(const OpenSslCode& code) const { return hex("OpenSSL", code.value); }
    std::string operator()(const HttpStatus& status) const { return "HTTP " + std::to_string(status.value); }
    std::string operator()(const Errno& number) const
    {
        const char* text = strerrordesc_np(number.value);
        return text != nullptr ? text : "errno " + std::to_string(number.value);
    }
    std::string operator()(const SqlError& error) const { return "SQL " + error.native; }

    static std::string hex(const char* label, unsigned long value)
    {
        std::array<char, 32> digits{};
        std::snprintf(digits.data(), digits.size(), " 0x%lX", value);
        return std::string{label} + digits.data();
    }
};

/// "tcp_channel.cpp:41". The folders before it are those of the machine that built the program.
std::string placeOf(const SourceLocation& where)
{
    std::string_view file = where.file;
    file.remove_prefix(file.rfind('/') + 1); // none: npos + 1 is 0
    return std::string{file} + ":" + std::to_string(where.line);
}

} // namespace

std::string headlineOf(const Error& error)
{
    std::string text{describe(error.code).headline};
    if (const auto gap = text.find(kSubjectMark); gap != std::string::npos) {
        text.replace(gap, kSubjectMark.size(),
                     error.subject.empty() ? std::string{kUnknownSubject} : printableText(error.subject));
    }
    return text;
}

std::string describeForLog(const Error& error)
{
    std::string line = std::string{describe(error.code).text} + ": " + error.what;
    if (!error.operation.empty()) {
        line += " [" + error.operation + "]";
    }
    const auto source = std::visit(SourceText{}, error.source);
    const bool isSaid = std::holds_alternative<Errno>(error.source) && error.what.find(source) != std::string::npos;
    if (!source.empty() && !isSaid) {
        line += " (" + source + ")";
    }
    for (const auto& step : error.trail) {
        line += "; " + step;
    }
    if (error.code == StationCode::InternalFault) {
        line += "; at " + placeOf(error.where);
    }
    return printableText(line);
}

} // namespace enroll
