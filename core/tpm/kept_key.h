#pragma once

#include "core/tpm/salted_session.h"

#include <optional>

namespace enroll::tpm {

/// Makes \p key persistent at \p handle, which was free when the key was read, unless it is persistent already; the new
/// object if it did. Four commands; slot thread only.
///
/// A session covers names of keys and not handles: that the key lies there is known as far as the TPM says in the session
/// that it has kept it, that it has this key, and that the handle is taken.
///
/// \par Errors   those of persist(); D-132 if something is said to lie at the handle before, or nothing after: who says so in
///               the clear would have a device pass without its key
Result<std::optional<TpmObject>> persistIfAbsent(EsysContext& context, const TpmObject& key, TPM2_HANDLE handle,
                                                 SaltedSession& session);

/// Likewise, for the storage root key at the handle where device SDKs look for it. One that was read there already is
/// asked for in the list of handles: commands in a session name a key by its public area, so that a part on the line may
/// have shown the same key at another handle. Error D-132 if the handle is free.
Result<std::optional<TpmObject>> persistStorageRootKey(EsysContext& context, const TpmObject& key,
                                                       SaltedSession& session);

} // namespace enroll::tpm
