#pragma once

#include "core/attestation/ship_state.h"
#include "core/tpm/loaded_handles.h"
#include "core/tpm/nv_reader.h"
#include "core/tpm/salted_session.h"

#include <optional>

namespace enroll::tpm {

/// The persistent objects that the TPM holds (attestation::kPersistentObjects), listed under the protection of \p session:
/// one command, and one for each handle that the list does not settle. Some chips list fewer handles than they have and say
/// that there are no more, so such a handle is asked for by itself before it counts as free.
/// \par Errors   those of handlesIn(); D-132 if a handle is free or taken, and the opposite was said in the clear
Result<std::vector<TPM2_HANDLE>> listPersistentObjects(EsysContext& context, SaltedSession& session);

/// The NV indices of the TPM's owner (attestation::TpmContents), listed under the protection of \p session: one command, and
/// two for each NV index in the ranges of the makers. Whether one there is the owner's, its attributes tell
/// (TPMA_NV_PLATFORMCREATE).
/// \par Errors   those of handlesIn(); D-132 if an index is another one than it was said to be in the clear
/// \par Source   TPM 2.0 Library Part 2, "TPMA_NV"; TCG Registry of Reserved TPM 2.0 Handles and Localities
Result<std::vector<TPM2_HANDLE>> listOwnerIndices(EsysContext& context, SaltedSession& session);

/// Error D-132 if the TPM holds more transient objects than the station's, listed under the protection of \p session: one
/// command. A command names an object by its public area and not by its handle, so that a part on the line can put an
/// object of its own making in the place of a persistent key. Where a resource manager numbers the objects, the TPM lists
/// them by its own numbers: they are counted, not compared.
///
/// It is a look at one moment: a part on the line that takes its object out for it (TPM2_ContextSave, TPM2_FlushContext) and
/// puts it back afterwards is not seen.
/// \param own   what the station holds, sessions included
/// \param left  what was said in the clear to be loaded from before, and to refuse its flush: it explains the error, and
///              excuses nothing
Result<void> requireNoStranger(EsysContext& context, const LoadedHandles& own, const LoadedHandles& left,
                               SaltedSession& session);

/// Error D-132 if the TPM does not list \p handle under the protection of \p session: one command.
Result<void> requireThere(EsysContext& context, TPM2_HANDLE handle, SaltedSession& session);

/// Error D-132 if an NV index where the certificate of the endorsement key \p key belongs holds something, and what was
/// read in the clear had it that there is nothing: a part on the line hid it. One command under the protection of
/// \p session where the TPM lists no such index.
/// \param nv          as the TPM says it in the session
/// \param unreadable  why an index is not given out, as it was said in the clear; empty: none was said to be there
/// \par Errors   those of handlesIn() and readNv()
Result<void> requireNoHiddenCertificate(EsysContext& context, const TpmObject& key, const NvRules& nv,
                                        const std::string& unreadable, SaltedSession& session);

} // namespace enroll::tpm
