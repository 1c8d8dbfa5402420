// Challenges made per second beside two bare RSA-OAEP-2048 encryptions, in one run: the encryptions are the floor that
// no challenge can get under. Prints the ratio; judges nothing.

#include "core/attestation/activation_challenge.h"
#include "core/crypto/openssl_ptr.h"
#include "core/crypto/random.h"
#include "tests/bench/bench_kit.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <functional>

namespace {

using namespace enroll;
using bench::median;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 15;
constexpr int kOperationsARound = 200;

double microsecondsEach(const std::function<bool()>& operation)
{
    const auto start = Clock::now();
    for (int i = 0; i < kOperationsARound; ++i) {
        if (!operation()) {
            bench::giveUp("an operation failed");
        }
    }
    return std::chrono::duration<double, std::micro>(Clock::now() - start).count() / kOperationsARound;
}

attestation::PublicArea publicArea(const QJsonObject& vectors, const char* field)
{
    const auto hex = vectors.value(QLatin1String(field)).toString().toStdString();
    return attestation::parsePublic(fromHex(hex).value()).value();
}

/// OpenSSL alone: the key is ready, nothing is done but RSAES-OAEP with SHA-256.
class BareEncryption {
public:
    BareEncryption(const crypto::RsaPublicKey& key, std::string_view label) : m_label(label)
    {
        const crypto::BignumPtr n{BN_bin2bn(u8(key.modulus), static_cast<int>(key.modulus.size()), nullptr)};
        OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n.get());
        OSSL_PARAM_BLD_push_ulong(builder, OSSL_PKEY_PARAM_RSA_E, key.exponent);
        OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(builder);
        const crypto::EvpPkeyCtxPtr maker{EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr)};
        EVP_PKEY* made = nullptr;
        EVP_PKEY_fromdata_init(maker.get());
        EVP_PKEY_fromdata(maker.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters);
        m_key.reset(made);
        OSSL_PARAM_free(parameters);
        OSSL_PARAM_BLD_free(builder);
    }

    bool operator()(ByteView seed)
    {
        const crypto::EvpPkeyCtxPtr context{EVP_PKEY_CTX_new(m_key.get(), nullptr)};
        void* label = OPENSSL_memdup(m_label.c_str(), m_label.size() + 1); // the context frees it
        std::size_t size = m_out.size();
        return EVP_PKEY_encrypt_init(context.get()) > 0 &&
               EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) > 0 &&
               EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), EVP_sha256()) > 0 &&
               EVP_PKEY_CTX_set0_rsa_oaep_label(context.get(), label, static_cast<int>(m_label.size() + 1)) > 0 &&
               EVP_PKEY_encrypt(context.get(), m_out.data(), &size, u8(seed), seed.size()) > 0;
    }

private:
    std::string m_label;
    crypto::EvpPkeyPtr m_key;
    std::array<unsigned char, 512> m_out{};
};

} // namespace

int main()
{
    QFile file{QStringLiteral(ENROLL_TEST_DATA "/activation-vectors.json")};
    if (!file.open(QIODevice::ReadOnly)) {
        std::fputs("the activation vectors are missing\n", stderr);
        return 1;
    }
    const auto vectors = QJsonDocument::fromJson(file.readAll()).object();
    const auto ek = publicArea(vectors, "ekTpm2bPublic");
    const auto srk = publicArea(vectors, "srkTpm2bPublic");
    BareEncryption toEk{std::get<crypto::RsaPublicKey>(attestation::publicKeyOf(ek).value()), "IDENTITY"};
    BareEncryption toSrk{std::get<crypto::RsaPublicKey>(attestation::publicKeyOf(srk).value()), "DUPLICATE"};
    const auto seed = crypto::randomSecret(32).value();

    const auto challenge = [&] { return attestation::makeActivationChallenge(ek, srk).ok(); };
    const auto twoEncryptions = [&] { return toEk(seed.view()) && toSrk(seed.view()); };

    std::vector<double> made;
    std::vector<double> bare;
    std::vector<double> ratios;
    for (int round = 0; round < kRounds; ++round) { // in turn, so that a drifting machine slows both
        made.push_back(microsecondsEach(challenge));
        bare.push_back(microsecondsEach(twoEncryptions));
        ratios.push_back(bare.back() / made.back());
    }
    std::printf("challenge             %8.1f us  %8.0f /s\n", median(made), 1e6 / median(made));
    std::printf("two OAEP encryptions  %8.1f us  %8.0f /s\n", median(bare), 1e6 / median(bare));
    std::printf("ratio of rates        %8.2f     (1 = a challenge costs just its two encryptions; target 0.5)\n",
                median(ratios));
    return 0;
}
