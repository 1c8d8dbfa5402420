#include "core/transport/tls_context.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/crypto/key_and_certificate.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_pem.h"
#include "core/system/whole_file.h"
#include "core/transport/tls_peer_check.h"

namespace enroll::transport {
namespace {

namespace fs = std::filesystem;
using crypto::X509Ptr;

constexpr std::size_t kMostCaBytes = std::size_t{256} * 1024;
/// What a peer may send of certificates before it is known: a path of three with room, not the 100 KiB that OpenSSL takes.
constexpr long kMostPathBytes = 16L * 1024;
constexpr int kLongestPath = 3; // authorities between a certificate and ca_file

/// What the parsed files amount to.
struct Material {
    std::vector<X509Ptr> path; ///< the own certificate, then those of its chain
    crypto::EvpPkeyPtr key;
    std::vector<X509Ptr> authorities;
};

Error unusable(const fs::path& file, const std::string& why)
{
    return makeError(StationCode::KeyMaterialUnusable, file.string() + ": " + why);
}

Error failed(const char* operation)
{
    return crypto::opensslError(StationCode::CryptoFailed, "cannot prepare TLS", operation);
}

Result<std::vector<X509Ptr>> readAuthorities(const fs::path& file)
{
    TRY_ASSIGN(const auto text, system::readWholeFile(file, kMostCaBytes));
    TRY_ASSIGN(auto certificates, prefixed(file.string() + ": ", crypto::x509FromPem(text)));
    for (const auto& certificate : certificates) {
        if (X509_check_ca(certificate.get()) == 0) {
            return unusable(file, "it holds a certificate that is no authority's");
        }
    }
    return certificates;
}

Result<Material> readMaterial(const AgentFiles& files)
{
    TRY_ASSIGN(auto authorities, readAuthorities(files.caFile));
    TRY_ASSIGN(const auto pair, crypto::readKeyAndCertificate(files.certificateFile, files.keyFile));
    TRY_ASSIGN(auto path, crypto::x509FromPem(asBytes(pair.certificate)));
    TRY_ASSIGN(auto key, crypto::privateKeyFromPem(pair.privateKey.view()));
    return Material{std::move(path), std::move(key), std::move(authorities)};
}

Result<void> trust(const Material& material, SSL_CTX* context)
{
    auto* store = SSL_CTX_get_cert_store(context);
    for (const auto& authority : material.authorities) {
        if (X509_STORE_add_cert(store, authority.get()) != 1) {
            return failed("X509_STORE_add_cert");
        }
    }
    // ca_file is the end of each path, also where it holds an authority below another one.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
    return {};
}

Result<void> present(const Material& material, SSL_CTX* context)
{
    if (SSL_CTX_use_certificate(context, material.path.front().get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, material.key.get()) != 1) {
        return failed("SSL_CTX_use_certificate");
    }
    for (std::size_t i = 1; i < material.path.size(); ++i) {
        if (SSL_CTX_add1_chain_cert(context, material.path[i].get()) != 1) {
            return failed("SSL_CTX_add1_chain_cert");
        }
    }
    return {};
}

/// What the other end would find. It is better said here, where the file is known.
Result<void> requireOwn(const Material& material, const AgentFiles& files, TlsRole own, UtcTime now, SSL_CTX* context)
{
    const crypto::X509StackPtr chain{sk_X509_new_null()};
    for (const auto& certificate : material.path) {
        if (!chain || sk_X509_push(chain.get(), certificate.get()) == 0) {
            return failed("sk_X509_push");
        }
    }
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const auto fault =
        checkOwn(material.path.front().get(), chain.get(), SSL_CTX_get_cert_store(context), own, seconds);
    if (fault.number == X509_V_OK) {
        return {};
    }
    return unusable(files.certificateFile, clauseOf(fault, own, {}, own) + " (" + files.caFile.string() + ")");
}

Result<void> confine(SSL_CTX* context)
{
    if (SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) != 1 || SSL_CTX_set_num_tickets(context, 0) != 1 ||
        SSL_CTX_set_max_early_data(context, 0) != 1) {
        return failed("SSL_CTX_set_min_proto_version");
    }
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    // Without AUTO_RETRY a call returns after each record that holds no data, so that a peer which sends such records
    // without end cannot hold a thread past its deadline.
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_max_cert_list(context, kMostPathBytes);
    SSL_CTX_set_verify_depth(context, kLongestPath);
    return {};
}

} // namespace

Result<void> requireNamed(const AgentFiles& files, TlsRole own)
{
    if (files.completeForTls()) {
        return {};
    }
    return makeError(StationCode::ConfigurationInvalid,
                     own == TlsRole::Station
                         ? "a device at tls:// needs ca_file, certificate_file and key_file in [agent] of the "
                           "station's configuration: `enrollctl agent-keys` makes them"
                         : "TLS needs an authority's certificate, the agent's own and its key: `enrollctl agent-keys` "
                           "makes them");
}

Result<TlsContext> TlsContext::load(const AgentFiles& files, TlsRole own, UtcTime now)
{
    TRY(requireNamed(files, own));
    TRY_ASSIGN(const auto material, readMaterial(files));
    const auto* method = own == TlsRole::Station ? TLS_client_method() : TLS_server_method();
    const std::shared_ptr<SSL_CTX> context{SSL_CTX_new(method), [](SSL_CTX* made) { SSL_CTX_free(made); }};
    if (!context) {
        return failed("SSL_CTX_new");
    }
    TRY(confine(context.get()));
    TRY(trust(material, context.get()));
    TRY(requireOwn(material, files, own, now, context.get()));
    TRY(present(material, context.get()));
    checkPeersAs(own, context.get());
    return TlsContext{context, own};
}

} // namespace enroll::transport
