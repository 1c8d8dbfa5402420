#pragma once

#include "core/base/error_code.h"
#include "core/base/source_location.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace enroll {

struct TssCode {
    std::uint32_t value;
    bool operator==(const TssCode&) const = default;
};
struct OpenSslCode {
    unsigned long value;
    bool operator==(const OpenSslCode&) const = default;
};
struct HttpStatus {
    int value;
    bool operator==(const HttpStatus&) const = default;
};
struct Errno {
    int value;
    bool operator==(const Errno&) const = default;
};
struct SqlError {
    std::string native; ///< SQLite result code or SQLSTATE, as text
    bool operator==(const SqlError&) const = default;
};

using ErrorSource = std::variant<std::monostate, TssCode, OpenSslCode, HttpStatus, Errno, SqlError>;

/// Why something could not be done. A value: made once, at the edge where the fault was met, and passed up unchanged.
///
/// Flow depends on `code` alone; everything else explains. Never holds a secret.
struct Error {
    ErrorCode code;
    std::string what;           ///< English, one clause, for the log and for "More"
    std::string operation = {}; ///< "TPM2_ActivateCredential", "POST /enrollments"
    ErrorSource source = {};
    std::string subject = {};            ///< what the headline speaks of: a serial number, an id
    std::vector<std::string> trail = {}; ///< further facts, innermost first
    SourceLocation where = SourceLocation::current();

    [[nodiscard]] NextStep next() const noexcept { return describe(code).next; }
};

/// Makes an Error that remembers the caller's place.
inline Error makeError(ErrorCode code, std::string what, std::string operation = {}, ErrorSource source = {},
                       SourceLocation where = SourceLocation::current())
{
    return Error{code, std::move(what), std::move(operation), std::move(source), {}, {}, where};
}

/// The catalog's headline with the error's subject filled in ("This TPM is already enrolled as GX-000118.").
std::string headlineOf(const Error& error);

/// One line for the log, as printableText(): code, what, operation, source, but for the system's reason where `what` says it
/// already; for S-399, a fault of the program itself, also the place in its source.
std::string describeForLog(const Error& error);

} // namespace enroll
