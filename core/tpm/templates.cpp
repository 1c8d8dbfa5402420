#include "core/tpm/templates.h"

#include <algorithm>
#include <array>

namespace enroll::tpm {
namespace {

constexpr UINT16 kKeyBits = 2048;
constexpr UINT16 kModulusSize = kKeyBits / 8;

// PolicySecret(TPM_RH_ENDORSEMENT) with SHA-256. Source: TCG EK Credential Profile, "PolicyA".
constexpr std::array<BYTE, 32> kEndorsementPolicy{0x83, 0x71, 0x97, 0x67, 0x44, 0x84, 0xb3, 0xf8, 0x1a, 0x90, 0xcc,
                                                  0x8d, 0x46, 0xa5, 0xd7, 0x24, 0xfd, 0x52, 0xd7, 0x6e, 0x06, 0x52,
                                                  0x0b, 0x64, 0xf2, 0xa1, 0xda, 0x1b, 0x33, 0x14, 0x69, 0xaa};

constexpr TPMA_OBJECT kParent = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_SENSITIVEDATAORIGIN |
                                TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT;

TPM2B_PUBLIC rsaParent(TPMA_OBJECT furtherAttributes) noexcept
{
    TPM2B_PUBLIC area{};
    auto& key = area.publicArea;
    key.type = TPM2_ALG_RSA;
    key.nameAlg = TPM2_ALG_SHA256;
    key.objectAttributes = kParent | furtherAttributes;
    auto& rsa = key.parameters.rsaDetail;
    rsa.symmetric.algorithm = TPM2_ALG_AES;
    rsa.symmetric.keyBits.aes = 128;
    rsa.symmetric.mode.aes = TPM2_ALG_CFB;
    rsa.scheme.scheme = TPM2_ALG_NULL;
    rsa.keyBits = kKeyBits;
    rsa.exponent = 0;
    return area;
}

} // namespace

TPM2B_PUBLIC tcgEndorsementKeyTemplate() noexcept
{
    auto area = azureEndorsementKeyTemplate();
    area.publicArea.unique.rsa.size = kModulusSize; // the bytes are zero already
    return area;
}

TPM2B_PUBLIC azureEndorsementKeyTemplate() noexcept
{
    auto area = rsaParent(TPMA_OBJECT_ADMINWITHPOLICY);
    auto& policy = area.publicArea.authPolicy;
    policy.size = kEndorsementPolicy.size();
    std::ranges::copy(kEndorsementPolicy, policy.buffer);
    return area;
}

TPM2B_PUBLIC storageRootKeyTemplate() noexcept
{
    return rsaParent(TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA);
}

} // namespace enroll::tpm
