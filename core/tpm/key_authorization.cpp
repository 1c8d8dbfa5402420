#include "core/tpm/key_authorization.h"

#include "core/attestation/ek_catalog.h"
#include "core/base/device_code.h"

#include <algorithm>
#include <array>

namespace enroll::tpm {
namespace {

/// The branches of PolicyB, TPM2_PolicyOR of PolicyA and PolicyC, by name algorithm.
/// Source: TCG EK Credential Profile, "EK Policies".
struct Branches {
    TPMI_ALG_HASH algorithm;
    std::string_view policyA;
    std::string_view policyC;
};
constexpr std::array kBranches{
    Branches{TPM2_ALG_SHA256, "837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa",
             "3767e2edd43ff45a3a7e1eaefcef78643dca964632e7aad82c673a30d8633fde"},
    Branches{TPM2_ALG_SHA384,
             "8bbf2266537c171cb56e403c4dc1d4b64f432611dc386e6f532050c3278c930e143e8bb1133824ccb431053871c6db53",
             "d6032ce61f2fb3c240eb3cf6a33237ef2b6a16f4293c22b455e261cffd217ad5b4947c2d73e63005eed2dc2b3593d165"},
    Branches{
        TPM2_ALG_SHA512,
        "1e3b76502c8a1425aa0b7b3fc646a1b0fae063b03b5368f9c4cddecaff0891dd682bac1a85d4d832b781ea451915de5fc5bf0dc4a19"
        "17cd42fa041e3f998e0ee",
        "589ee1e146544716e8deafe6db247b01b81e9f9c7dd16b814aa159138749105fba5388dd1dea702f35240c184933121e2c61b8f50d3"
        "ef91393a49a38c3f73fc8"}};

TPM2B_DIGEST digestOf(std::string_view hex)
{
    TPM2B_DIGEST digest{};
    const auto bytes = fromHex(hex).value();
    digest.size = static_cast<UINT16>(bytes.size());
    std::ranges::copy(std::span{u8(ByteView{bytes}), bytes.size()}, digest.buffer);
    return digest;
}

enum class Policy { A, B, Other };

/// The catalog has PolicyB for the templates with userWithAuth, and PolicyA for the others.
Policy policyOf(const TPMT_PUBLIC& key)
{
    const auto policy = toHex(std::as_bytes(std::span{key.authPolicy.buffer, key.authPolicy.size}));
    const auto rows = attestation::ekCatalog();
    const auto row = std::ranges::find_if(rows, [&](const auto& known) { return *known.policy == policy; });
    if (row == rows.end()) {
        return Policy::Other;
    }
    return (*row->attributes & TPMA_OBJECT_USERWITHAUTH) != 0 ? Policy::B : Policy::A;
}

const Branches* branchesOf(const TPMT_PUBLIC& key)
{
    const auto* row = std::ranges::find(kBranches, key.nameAlg, &Branches::algorithm);
    return policyOf(key) == Policy::B && row != kBranches.end() ? row : nullptr;
}

Result<void> takeBranch(EsysContext& context, ESYS_TR session, const Branches& branches)
{
    TPML_DIGEST both{};
    both.count = 2;
    both.digests[0] = digestOf(branches.policyA);
    both.digests[1] = digestOf(branches.policyC);
    return context.check(Esys_PolicyOR(context.get(), session, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &both),
                         "TPM2_PolicyOR");
}

/// True if the policy is neither PolicyA nor PolicyB. Those of other name algorithms are not known here: they are tried,
/// which counts nowhere.
bool isOfNoProfile(const TPMT_PUBLIC& key)
{
    const auto policy = toHex(std::as_bytes(std::span{key.authPolicy.buffer, key.authPolicy.size}));
    const auto* row = std::ranges::find(kBranches, key.nameAlg, &Branches::algorithm);
    return row != kBranches.end() && policy != row->policyA && policyOf(key) == Policy::Other;
}

/// A policy session that satisfies the policy of endorsement keys: TPM2_PolicySecret(TPM_RH_ENDORSEMENT), and for PolicyB
/// that branch of it.
///
/// The session serves one command: the TPM resets a policy session once it has authorised something.
/// \par Errors   D-112 if the endorsement hierarchy has a password
Result<TransientHandle> openEndorsementPolicy(EsysContext& context, const TPMT_PUBLIC& key)
{
    const TPMT_SYM_DEF noEncryption{.algorithm = TPM2_ALG_NULL, .keyBits = {}, .mode = {}};
    ESYS_TR handle = ESYS_TR_NONE;
    const auto started =
        Esys_StartAuthSession(context.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                              nullptr, TPM2_SE_POLICY, &noEncryption, key.nameAlg, &handle);
    TRY(context.check(started, "TPM2_StartAuthSession"));
    TransientHandle session{context, handle, OnRelease::Flush};

    // PolicySecret is authorised by a password session. An HMAC session drives SLB 9670 firmware 7.40 into failure mode
    // until its next reset (tpm2-tss issues 1700 and 1865).
    const auto satisfied =
        Esys_PolicySecret(context.get(), ESYS_TR_RH_ENDORSEMENT, handle, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE,
                          nullptr, nullptr, nullptr, 0, nullptr, nullptr);
    TRY(context.check(satisfied, "TPM2_PolicySecret"));
    if (const auto* branches = branchesOf(key)) {
        TRY(takeBranch(context, handle, *branches));
    }
    return session;
}

} // namespace

Result<KeyAuthorization> KeyAuthorization::open(EsysContext& context, const TpmObject& key,
                                                const attestation::TpmState& state)
{
    const auto& area = key.area.publicArea;
    const bool hasPassword = (area.objectAttributes & TPMA_OBJECT_USERWITHAUTH) != 0;
    const bool knownPolicy = branchesOf(area) != nullptr || policyOf(area) == Policy::A;
    KeyAuthorization authorization;
    if (hasPassword && (state.endorsementPassword || !knownPolicy)) {
        TRY(requirePasswordIsFree(context, key.area, state, "the endorsement key"));
        return authorization;
    }
    if (!hasPassword && isOfNoProfile(area)) {
        const std::string cure{isPersistent(key) ? ": evict it, or clear the TPM" : ""};
        return makeError(isPersistent(key) ? DeviceCode::NotAsShipped : DeviceCode::EndorsementKeyUnusable,
                         "the endorsement key can only be used by a policy that no TCG profile knows" + cure,
                         "TPM2_ActivateCredential");
    }
    TRY_ASSIGN(authorization.m_policy, openEndorsementPolicy(context, area));
    return authorization;
}

Result<void> KeyAuthorization::closeWithCommand(EsysContext& context)
{
    if (!byPolicy()) {
        return {};
    }
    return context.check(Esys_TRSess_SetAttributes(context.get(), m_policy.get(), 0, TPMA_SESSION_CONTINUESESSION),
                         "Esys_TRSess_SetAttributes");
}

Result<void> requirePasswordIsFree(EsysContext& context, const TPM2B_PUBLIC& key, const attestation::TpmState& state,
                                   std::string_view what)
{
    if ((key.publicArea.objectAttributes & TPMA_OBJECT_NODA) != 0) {
        return {};
    }
    if (state.failedTries > 0) {
        return makeError(DeviceCode::TpmLockedOut,
                         std::string{what} + " is under protection against guessing, and " +
                             std::to_string(state.failedTries) + " of " + std::to_string(state.triesAllowed) +
                             " tries are used: the station does not try it",
                         "TPM2_ActivateCredential");
    }
    context.noteProtectedUse();
    return {};
}

} // namespace enroll::tpm
