#include "core/crypto/key_and_certificate.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/crypto/certificate.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_pem.h"
#include "core/system/secret_file.h"
#include "core/system/whole_file.h"

#include <openssl/pem.h>

namespace enroll::crypto {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPemBytes = std::size_t{1024} * 1024;

/// The certificates alone, so that a key beside them is in no text that is not wiped.
Result<std::string> textOf(const std::vector<X509Ptr>& certificates)
{
    const BioPtr text{BIO_new(BIO_s_mem())};
    for (const auto& certificate : certificates) {
        if (PEM_write_bio_X509(text.get(), certificate.get()) != 1) {
            return opensslError(StationCode::CryptoFailed, "the certificates cannot be written", "PEM_write_bio_X509");
        }
    }
    char* data = nullptr;
    const long size = BIO_get_mem_data(text.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

Result<KeyAndCertificate> pairOf(ByteView certificatePem, SecretBytes keyPem, const fs::path& certificateFile,
                                 const fs::path& keyFile)
{
    TRY_ASSIGN(const auto certificates, prefixed(certificateFile.string() + ": ", x509FromPem(certificatePem)));
    TRY_ASSIGN(const auto key, prefixed(keyFile.string() + ": ", privateKeyFromPem(keyPem.view())));
    if (X509_check_private_key(certificates.front().get(), key.get()) != 1) {
        return opensslError(StationCode::KeyMaterialUnusable,
                            keyFile.string() + ": the key is not that of the certificate in " +
                                certificateFile.string(),
                            "X509_check_private_key");
    }
    TRY_ASSIGN(auto text, textOf(certificates));
    return KeyAndCertificate{std::move(text), std::move(keyPem)};
}

} // namespace

Result<KeyAndCertificate> readKeyAndCertificate(const fs::path& certificateFile, const fs::path& keyFile)
{
    if (certificateFile == keyFile) {
        TRY_ASSIGN(auto both, system::readSecretFile(keyFile, kMostPemBytes));
        const auto certificatePem = both.view(); // stays where it is when its owner is moved
        return pairOf(certificatePem, std::move(both), certificateFile, keyFile);
    }
    TRY_ASSIGN(const auto certificatePem, system::readWholeFile(certificateFile, kMostPemBytes));
    TRY_ASSIGN(auto keyPem, system::readSecretFile(keyFile, kMostPemBytes));
    return pairOf(certificatePem, std::move(keyPem), certificateFile, keyFile);
}

Result<void> requireUnexpired(const KeyAndCertificate& pair, const fs::path& certificateFile, UtcTime now)
{
    TRY_ASSIGN(const auto certificates,
               prefixed(certificateFile.string() + ": ",
                        recoded(certificatesFromFile(asBytes(pair.certificate)), StationCode::KeyMaterialUnusable)));
    const auto end = certificates.front().notAfter();
    if (end < now) {
        return makeError(StationCode::KeyMaterialUnusable,
                         certificateFile.string() + ": the certificate expired at " + toIso8601(end));
    }
    return {};
}

} // namespace enroll::crypto
