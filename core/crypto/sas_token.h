#pragma once

#include "core/base/clock.h"
#include "core/base/secret_bytes.h"

namespace enroll::crypto {

/// A shared access signature, as it stands in an Authorization header.
/// Source: Azure IoT documentation, "Control access to DPS", "Security tokens".
struct SasToken {
    std::string resource; ///< `sr` exactly as it stands in the token, never re-encoded
    std::string expiry;   ///< `se` exactly as it stands, decimal Unix seconds
    std::string policy;   ///< `skn`, percent-decoded; empty if absent
    Bytes signature;      ///< `sig`, decoded
};

/// Percent-encodes everything outside RFC 3986 "unreserved", hex digits upper-case.
std::string percentEncode(std::string_view text);
/// Error S-332 for a broken escape.
Result<std::string> percentDecode(std::string_view text);

/// The bytes that are signed: \p resource, a line feed, \p expiry.
std::string sasStringToSign(std::string_view resource, std::string_view expiry);

/// "SharedAccessSignature sr=…&sig=…&se=…[&skn=…]". \p resource is taken as it must stand in the token.
std::string sasToken(std::string_view resource, std::string_view expiry, ByteView signature, std::string_view policy);

/// A service token signed with \p key for \p resource until \p expiry. Error S-340.
Result<std::string> makeSasToken(std::string_view resource, UtcTime expiry, ByteView key, std::string_view policy);

/// Takes a token apart: fields in any order, names case-insensitive, duplicates refused, sizes bounded (4096). Error
/// S-332.
Result<SasToken> parseSasToken(std::string_view header);

enum class SasJudgement { Valid, Expired, WrongSignature, Malformed };

/// Signature over the raw `sr` in constant time; expired if expiry + \p skew lies before \p now. Expiries too large for
/// a time (clients that write milliseconds) count as valid for ever.
SasJudgement judgeSasToken(const SasToken& token, ByteView key, UtcTime now, std::chrono::seconds skew);

/// "HostName=…;SharedAccessKeyName=…;SharedAccessKey=…", keys case-insensitive, the key in base64.
struct ConnectionString {
    std::string host; ///< as given, port included if there is one
    std::string policy;
    SecretBytes key;
};
/// Error S-330 naming the part that is missing or wrong; never quotes the key.
Result<ConnectionString> parseConnectionString(std::string_view text);

} // namespace enroll::crypto
