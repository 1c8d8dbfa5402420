#include "core/transport/tls_peer_check.h"

#include "core/base/clock.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/transport/agent_files.h"

#include <openssl/err.h>

#include <arpa/inet.h>
#include <array>

namespace enroll::transport {
namespace {

using crypto::GeneralNamesPtr;

constexpr std::size_t kMostNames = 4;

std::string textOf(const ASN1_STRING* text)
{
    return shownText({reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                      static_cast<std::size_t>(ASN1_STRING_length(text))});
}

std::string addressText(const ASN1_OCTET_STRING* address)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int size = ASN1_STRING_length(address);
    const int family = size == sizeof(in_addr) ? AF_INET : AF_INET6;
    if (size != sizeof(in_addr) && size != sizeof(in6_addr)) {
        return {};
    }
    return ::inet_ntop(family, ASN1_STRING_get0_data(address), text.data(), text.size());
}

/// The host names and addresses that \p certificate is for.
std::vector<std::string> namesOf(X509* certificate)
{
    const GeneralNamesPtr all{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
    std::vector<std::string> names;
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()) && names.size() < kMostNames; ++i) {
        const auto* name = sk_GENERAL_NAME_value(all.get(), i);
        if (name->type == GEN_DNS) {
            names.push_back(textOf(name->d.dNSName));
        } else if (name->type == GEN_IPADD) {
            names.push_back(addressText(name->d.iPAddress));
        }
    }
    return names;
}

/// Of a certificate that a peer sent: what cannot be read of it stays empty.
CertificateFault faultOf(int number, int depth, X509* certificate)
{
    CertificateFault fault{.number = number, .depth = depth};
    if (certificate == nullptr) {
        return fault;
    }
    if (const auto read = valueOf(certificate)) {
        fault.subject = shownText(read->subject());
        fault.notBefore = toIso8601(read->notBefore());
        fault.notAfter = toIso8601(read->notAfter());
    }
    fault.names = namesOf(certificate);
    return fault;
}

/// What is noted of the certificate that is looked at, if \p good or its role says that it is not good.
std::optional<CertificateFault> foundBy(bool good, X509_STORE_CTX* context, TlsRole wanted)
{
    const int depth = X509_STORE_CTX_get_error_depth(context);
    auto* certificate = X509_STORE_CTX_get_current_cert(context);
    if (good && depth == 0 && certificate != nullptr && !isFor(wanted, certificate)) {
        X509_STORE_CTX_set_error(context, X509_V_ERR_INVALID_PURPOSE);
        good = false;
    }
    return good ? std::nullopt : std::optional{faultOf(X509_STORE_CTX_get_error(context), depth, certificate)};
}

/// OpenSSL's callback for each certificate of a peer's path: 0 refuses it, and ends the handshake.
template <TlsRole wanted>
int checkPeer(int good, X509_STORE_CTX* context)
{
    const auto* ssl =
        static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto found = foundBy(good == 1, context, wanted);
    if (!found) {
        return 1;
    }
    if (auto* noted = static_cast<CertificateFault*>(SSL_get_app_data(ssl)); noted != nullptr) {
        *noted = *std::move(found);
    }
    return 0;
}

bool isOfDates(int number) noexcept
{
    return number == X509_V_ERR_CERT_HAS_EXPIRED || number == X509_V_ERR_CERT_NOT_YET_VALID;
}

bool isOfName(int number) noexcept
{
    return number == X509_V_ERR_HOSTNAME_MISMATCH || number == X509_V_ERR_IP_ADDRESS_MISMATCH;
}

} // namespace

std::optional<crypto::Certificate> valueOf(X509* certificate)
{
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    const crypto::OpenSslMemoryPtr<unsigned char> owned{der};
    if (size <= 0) {
        return std::nullopt;
    }
    auto read = crypto::Certificate::fromDer(std::as_bytes(std::span{der, static_cast<std::size_t>(size)}));
    return read ? std::optional{std::move(read).value()} : std::nullopt;
}

bool isFor(TlsRole role, X509* certificate)
{
    const std::uint32_t bit = role == TlsRole::Station ? XKU_SSL_CLIENT : XKU_SSL_SERVER;
    return (X509_get_extension_flags(certificate) & EXFLAG_XKUSAGE) != 0 &&
           (X509_get_extended_key_usage(certificate) & bit) != 0;
}

void checkPeersAs(TlsRole own, SSL_CTX* context)
{
    constexpr int kVerify = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT; // a client does not look at the second
    SSL_CTX_set_verify(context, kVerify,
                       own == TlsRole::Station ? &checkPeer<TlsRole::Agent> : &checkPeer<TlsRole::Station>);
}

void noteFaultsIn(CertificateFault& fault, SSL* ssl)
{
    SSL_set_app_data(ssl, &fault);
}

CertificateFault checkOwn(X509* certificate, STACK_OF(X509) * chain, X509_STORE* authorities, TlsRole role,
                          std::time_t seconds)
{
    const crypto::X509StoreCtxPtr context{X509_STORE_CTX_new()};
    if (!context || X509_STORE_CTX_init(context.get(), authorities, certificate, chain) != 1) {
        return faultOf(X509_V_ERR_OUT_OF_MEM, 0, nullptr);
    }
    const bool isStation = role == TlsRole::Station;
    X509_STORE_CTX_set_purpose(context.get(), isStation ? X509_PURPOSE_SSL_CLIENT : X509_PURPOSE_SSL_SERVER);
    X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_PARTIAL_CHAIN);
    X509_STORE_CTX_set_time(context.get(), 0, seconds);
    const bool good = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    if (good && !isFor(role, certificate)) {
        return faultOf(X509_V_ERR_INVALID_PURPOSE, 0, certificate);
    }
    return good ? CertificateFault{}
                : faultOf(X509_STORE_CTX_get_error(context.get()), X509_STORE_CTX_get_error_depth(context.get()),
                          X509_STORE_CTX_get_current_cert(context.get()));
}

std::string clauseOf(const CertificateFault& fault, TlsRole whose, const std::string& expected, TlsRole reader)
{
    const auto subject = "the " + std::string{wordOf(whose)} + "'s certificate" +
                         (fault.subject.empty() || fault.depth > 0 ? std::string{} : " (" + fault.subject + ")");
    const auto dated = fault.depth == 0 ? subject : "the authority of " + subject;
    if (fault.number == X509_V_ERR_CERT_HAS_EXPIRED) {
        return dated + " expired at " + fault.notAfter + ", and the clock here says " + toIso8601(utcNow());
    }
    if (fault.number == X509_V_ERR_CERT_NOT_YET_VALID) {
        return dated + " is valid from " + fault.notBefore + " on, and the clock here says " + toIso8601(utcNow());
    }
    if (isOfName(fault.number)) {
        return subject + " is for " + (fault.names.empty() ? "no name" : joined(fault.names)) + " and not for " +
               expected;
    }
    if (fault.number == X509_V_ERR_INVALID_PURPOSE) {
        return subject + " is not that of " + (whose == TlsRole::Station ? "a station" : "an agent");
    }
    const std::string file = reader == TlsRole::Station ? "ca_file" : kCaFileName;
    return subject + " does not come from the authority in " + file + ": " +
           X509_verify_cert_error_string(fault.number);
}

Error peerError(const CertificateFault& fault, TlsRole whose, const std::string& expected)
{
    return makeError(isOfDates(fault.number) ? StationCode::PeerCertificateOutOfDate : StationCode::PeerNotOfPlant,
                     clauseOf(fault, whose, expected, otherEndOf(whose)), "TLS handshake");
}

} // namespace enroll::transport
