#pragma once

#include "core/base/clock.h"
#include "core/base/secret_bytes.h"

namespace enroll::crypto {

/// A shared access signature (SAS) token taken apart, as it stands in an Authorization header.
/// Source: Azure IoT documentation, "Control access to DPS", "Security tokens".
struct SasToken {
    std::string resource; ///< `sr` exactly as in the token, percent-encoding kept: the signature is over these bytes
    std::string expiry;   ///< `se` exactly as it stands, decimal Unix seconds
    std::string policy;   ///< `skn`, percent-decoded; empty if absent
    Bytes signature;      ///< `sig`, decoded
};

/// Percent-encodes every byte outside the "unreserved" set of RFC 3986, section 2.3, with upper-case digits.
std::string percentEncode(std::string_view text);
/// Undoes percentEncode(); '+' stays '+'. Error S-335 for an escape without two hexadecimal digits.
Result<std::string> percentDecode(std::string_view text);

/// The bytes that are signed: \p resource, a line feed, \p expiry.
std::string sasStringToSign(std::string_view resource, std::string_view expiry);

/// The token "SharedAccessSignature sr=…&sig=…&se=…[&skn=…]".
/// \param resource  percent-encoded by the caller, exactly as it was signed
/// \param policy    name of the shared access policy; empty leaves `skn` out
std::string sasToken(std::string_view resource, std::string_view expiry, ByteView signature, std::string_view policy);

/// A token for \p resource until \p expiry, signed with HMAC-SHA256 by \p key. Error S-340.
Result<std::string> makeSasToken(std::string_view resource, UtcTime expiry, ByteView key, std::string_view policy);

/// Takes a token of at most 4096 characters apart. Fields may stand in any order, their names are case-insensitive.
/// \par Errors   S-335 (too long, another scheme, a field missing, twice, or not readable)
Result<SasToken> parseSasToken(std::string_view header);

enum class SasJudgement { Valid, Expired, WrongSignature, Malformed };

/// Checks the signature over the raw `sr` and `se` in constant time, then the expiry: Expired if `se` + \p skew is
/// before
/// \p now. An `se` too large for a date counts as never expired: some clients write milliseconds.
SasJudgement judgeSasToken(const SasToken& token, ByteView key, UtcTime now, std::chrono::seconds skew);

/// "HostName=…;SharedAccessKeyName=…;SharedAccessKey=…": how a station signs in to a provisioning service. Field names
/// are case-insensitive; the key is base64.
struct ConnectionString {
    std::string host; ///< as written, with the port if there is one
    std::string policy;
    SecretBytes key;
};
/// Error S-330 naming the part that is missing or wrong. The error never quotes the text, which holds a key.
Result<ConnectionString> parseConnectionString(std::string_view text);

} // namespace enroll::crypto
