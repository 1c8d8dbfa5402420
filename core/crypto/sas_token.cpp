#include "core/crypto/sas_token.h"

#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/base64.h"
#include "core/crypto/hmac.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace enroll::crypto {
namespace {

constexpr std::string_view kScheme = "SharedAccessSignature ";
constexpr std::size_t kLongestToken = 4096;
/// Seconds from which an expiry counts as "never": in the year 31,690,708, yet small enough for UtcTime.
constexpr std::int64_t kEndOfTime = 1'000'000'000'000'000;

using Fields = std::map<std::string, std::string_view, std::less<>>;

bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool isUnreserved(char c) noexcept
{
    const char small = asciiLower(c);
    return isDigit(c) || (small >= 'a' && small <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
}

/// Splits "name=value" parts at \p separator; names become lower case. No error quotes the text: a mistyped secret key
/// could be anywhere in it.
Result<Fields> fieldsOf(std::string_view text, char separator, ErrorCode code)
{
    Fields fields;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        const auto part = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto equals = part.find('=');
        if (part.empty()) {
            continue;
        }
        if (equals == std::string_view::npos) {
            return makeError(code, "a part has no '='");
        }
        if (!fields.emplace(asciiLowered(part.substr(0, equals)), part.substr(equals + 1)).second) {
            return makeError(code, "a field name appears twice");
        }
    }
    return fields;
}

Result<std::string_view> required(const Fields& fields, std::string_view name, ErrorCode code, std::string_view shown)
{
    const auto found = fields.find(name);
    if (found == fields.end() || found->second.empty()) {
        return makeError(code, std::string{shown} + " is missing or empty");
    }
    return found->second;
}

/// Printable ASCII. Checked because a token stands in an HTTP header and in logs.
bool isPlainText(std::string_view text) noexcept
{
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

Result<std::string_view> tokenBody(std::string_view header)
{
    if (header.size() > kLongestToken || !isPlainText(header)) {
        return makeError(StationCode::EncodingMalformed,
                         "the token is longer than 4096 characters or not printable ASCII");
    }
    if (!equalWithoutCase(header.substr(0, kScheme.size()), kScheme)) {
        return makeError(StationCode::EncodingMalformed, "the token does not begin with SharedAccessSignature");
    }
    return header.substr(kScheme.size());
}

std::string secondsText(UtcTime time)
{
    return std::to_string(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
}

bool isExpired(std::string_view expiry, UtcTime now, std::chrono::seconds skew) noexcept
{
    std::int64_t value = 0;
    const auto parsed = std::from_chars(expiry.data(), expiry.data() + expiry.size(), value);
    if (parsed.ec != std::errc{} || value >= kEndOfTime) {
        return false; // too large for the type, or for a date
    }
    return UtcTime{std::chrono::seconds{value}} + skew < now;
}

} // namespace

std::string percentEncode(std::string_view text)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (isUnreserved(c)) {
            encoded.push_back(c);
            continue;
        }
        const auto value = static_cast<unsigned char>(c);
        encoded += {'%', kDigits[value >> 4U], kDigits[value & 0xFU]};
    }
    return encoded;
}

Result<std::string> percentDecode(std::string_view text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded.push_back(text[i]);
            continue;
        }
        const auto escape = fromHex(text.substr(i + 1, 2));
        if (!escape.ok() || escape->size() != 1) {
            return makeError(StationCode::EncodingMalformed, "a broken escape at position " + std::to_string(i));
        }
        decoded += asText(*escape);
        i += 2;
    }
    return decoded;
}

std::string sasStringToSign(std::string_view resource, std::string_view expiry)
{
    return std::string{resource} + "\n" + std::string{expiry};
}

std::string sasToken(std::string_view resource, std::string_view expiry, ByteView signature, std::string_view policy)
{
    std::string token{kScheme};
    token.append("sr=").append(resource);
    token.append("&sig=").append(percentEncode(toBase64(signature)));
    token.append("&se=").append(expiry);
    if (!policy.empty()) {
        token.append("&skn=").append(percentEncode(policy));
    }
    return token;
}

Result<std::string> makeSasToken(std::string_view resource, UtcTime expiry, ByteView key, std::string_view policy)
{
    const auto until = secondsText(expiry);
    TRY_ASSIGN(const auto signature, hmac(HashAlgorithm::Sha256, key, {asBytes(sasStringToSign(resource, until))}));
    return sasToken(resource, until, signature, policy);
}

Result<SasToken> parseSasToken(std::string_view header)
{
    constexpr auto kCode = StationCode::EncodingMalformed;
    TRY_ASSIGN(const auto body, tokenBody(header));
    TRY_ASSIGN(const auto fields, fieldsOf(body, '&', kCode));
    SasToken token;
    TRY_ASSIGN(token.resource, required(fields, "sr", kCode, "'sr'"));
    TRY_ASSIGN(token.expiry, required(fields, "se", kCode, "'se'"));
    if (!std::ranges::all_of(token.expiry, isDigit)) {
        return makeError(kCode, "'se' is not a number of seconds");
    }
    TRY_ASSIGN(const auto encoded, required(fields, "sig", kCode, "'sig'"));
    TRY_ASSIGN(const auto signature, percentDecode(encoded));
    TRY_ASSIGN(token.signature, fromBase64(signature));
    if (const auto policy = fields.find("skn"); policy != fields.end()) {
        TRY_ASSIGN(token.policy, percentDecode(policy->second));
    }
    return token;
}

SasJudgement judgeSasToken(const SasToken& token, ByteView key, UtcTime now, std::chrono::seconds skew)
{
    if (token.resource.empty() || token.expiry.empty() || !std::ranges::all_of(token.expiry, isDigit)) {
        return SasJudgement::Malformed;
    }
    const auto expected = hmac(HashAlgorithm::Sha256, key, {asBytes(sasStringToSign(token.resource, token.expiry))});
    if (!expected.ok() || !equalInConstantTime(*expected, token.signature)) {
        return SasJudgement::WrongSignature; // before the expiry is looked at: without the key nobody learns more
    }
    return isExpired(token.expiry, now, skew) ? SasJudgement::Expired : SasJudgement::Valid;
}

Result<ConnectionString> parseConnectionString(std::string_view text)
{
    constexpr auto kCode = StationCode::ConfigurationInvalid;
    TRY_ASSIGN(const auto fields, fieldsOf(text, ';', kCode));
    ConnectionString parsed;
    TRY_ASSIGN(parsed.host, required(fields, "hostname", kCode, "HostName"));
    if (!std::ranges::all_of(parsed.host, [](char c) { return isUnreserved(c) || c == ':' || c == '[' || c == ']'; })) {
        return makeError(kCode, "HostName contains a character that a host name cannot have");
    }
    TRY_ASSIGN(parsed.policy, required(fields, "sharedaccesskeyname", kCode, "SharedAccessKeyName"));
    TRY_ASSIGN(const auto encodedKey, required(fields, "sharedaccesskey", kCode, "SharedAccessKey"));
    auto key = fromBase64(encodedKey);
    if (!key.ok() || key->empty()) {
        return makeError(kCode, "SharedAccessKey is not base64");
    }
    parsed.key = SecretBytes{std::move(key).value()};
    return parsed;
}

} // namespace enroll::crypto
