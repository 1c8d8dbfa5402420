#pragma once

#include "core/tpm/tpm_object.h"

namespace enroll::tpm {

/// An HMAC session that only the TPM which holds an endorsement key can take part in.
///
/// Its key is made from a salt that is encrypted to that endorsement key. A command in it carries an HMAC over its
/// parameters and over the names of the objects it uses, so that the TPM refuses it if it holds them under other names;
/// the response carries one over its parameters. Whoever sits on the line and changes, swaps or makes up either cannot
/// compute the HMAC. Who the endorsement key belongs to is not known from the session: that its certificate says.
///
/// Slot thread only. Flushed when it is destroyed.
/// \par Source   TPM 2.0 Library Part 1, "Salted Session" and "Session-based Parameter Encryption"
class SaltedSession {
public:
    SaltedSession() = default; ///< none open

    /// TPM2_StartAuthSession. Error D-131 if the TPM cannot open the salt: it does not hold this key.
    static Result<SaltedSession> open(EsysContext& context, const TpmObject& endorsementKey);

    /// The session for a command whose response begins with a TPM2B, which comes encrypted.
    Result<ESYS_TR> encrypting();
    /// The session for any other command.
    Result<ESYS_TR> auditing();

    [[nodiscard]] bool held() const noexcept { return m_handle.held(); }
    [[nodiscard]] const TransientHandle& handle() const noexcept { return m_handle; }
    Result<void> release() { return m_handle.release(); }

private:
    explicit SaltedSession(EsysContext& context, TransientHandle handle) noexcept
        : m_context(&context), m_handle(std::move(handle))
    {}
    Result<ESYS_TR> with(TPMA_SESSION attribute);

    EsysContext* m_context = nullptr;
    TransientHandle m_handle;
};

/// As EsysContext::check() for a command in a salted session: error D-132 if the TPM refused the command's HMAC, or the
/// HMAC of its response is wrong.
/// \param position  the session's place among the command's sessions, 1 to 3; 0: the command had none
Result<void> checkInSession(EsysContext& context, TSS2_RC code, std::string_view operation, unsigned position);

} // namespace enroll::tpm
