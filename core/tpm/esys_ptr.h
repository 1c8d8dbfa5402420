#pragma once

#include <tss2/tss2_esys.h>

#include <memory>

namespace enroll::tpm {

struct EsysFree {
    void operator()(void* memory) const noexcept { Esys_Free(memory); }
};
/// What an ESYS call allocated.
template <class T>
using EsysPtr = std::unique_ptr<T, EsysFree>;

struct EsysFinalize {
    void operator()(ESYS_CONTEXT* context) const noexcept { Esys_Finalize(&context); }
};
using EsysContextPtr = std::unique_ptr<ESYS_CONTEXT, EsysFinalize>;

} // namespace enroll::tpm
