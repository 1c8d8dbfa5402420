#include "core/tpm/command_table.h"

#include <algorithm>
#include <array>

namespace enroll::tpm {
namespace {

using namespace command_code;
using H = ResponseHandle;
using F = FirstParameter;
using D = CommandClass;

// Every command that this folder sends needs a row: without one the check of its response frame looks for no handle and
// for no TPM2B. Source: TPM 2.0 Library Part 3, the response table of each command.
constexpr std::array kTable{
    CommandTraits{kEvictControl, "TPM2_EvictControl", H::None, F::Other, D::Normal},
    CommandTraits{kCreatePrimary, "TPM2_CreatePrimary", H::One, F::Tpm2b, D::CreateKey},
    CommandTraits{kActivateCredential, "TPM2_ActivateCredential", H::None, F::Digest, D::Normal},
    CommandTraits{kShutdown, "TPM2_Shutdown", H::None, F::Other, D::Normal},
    CommandTraits{kNvRead, "TPM2_NV_Read", H::None, F::Tpm2b, D::Normal},
    CommandTraits{kPolicySecret, "TPM2_PolicySecret", H::None, F::Tpm2b, D::Normal},
    CommandTraits{kCreate, "TPM2_Create", H::None, F::Tpm2b, D::CreateKey},
    CommandTraits{kHmac, "TPM2_HMAC", H::None, F::Digest, D::Normal},
    CommandTraits{kImport, "TPM2_Import", H::None, F::Tpm2b, D::Normal},
    CommandTraits{kLoad, "TPM2_Load", H::One, F::Tpm2b, D::Normal},
    CommandTraits{kPolicyOr, "TPM2_PolicyOR", H::None, F::Other, D::Normal},
    CommandTraits{kFlushContext, "TPM2_FlushContext", H::None, F::Other, D::Normal},
    CommandTraits{kNvReadPublic, "TPM2_NV_ReadPublic", H::None, F::NvArea, D::Normal},
    CommandTraits{kReadPublic, "TPM2_ReadPublic", H::None, F::ObjectArea, D::Normal},
    CommandTraits{kStartAuthSession, "TPM2_StartAuthSession", H::One, F::Digest, D::Normal},
    CommandTraits{kGetCapability, "TPM2_GetCapability", H::None, F::Capability, D::Normal},
    CommandTraits{kGetRandom, "TPM2_GetRandom", H::None, F::Digest, D::Normal},
    CommandTraits{kAgentQuestion, "question to enroll-agent", H::None, F::Other, D::Normal},
};
constexpr CommandTraits kOther{0, "TPM2 command", H::None, F::Other, D::Normal};

} // namespace

const CommandTraits& traitsOf(std::uint32_t commandCode) noexcept
{
    const auto* row = std::ranges::find(kTable, commandCode, &CommandTraits::code);
    return row == kTable.end() ? kOther : *row;
}

bool isOwnCommand(std::uint32_t commandCode) noexcept
{
    return &traitsOf(commandCode) != &kOther;
}

} // namespace enroll::tpm
