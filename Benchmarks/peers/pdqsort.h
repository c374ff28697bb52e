// vamp sorts point clouds with pdqsort; none are timed here, so any sort will do.
#pragma once
#include <algorithm>
template <typename... Arguments>
void pdqsort(Arguments &&...arguments) { std::sort(std::forward<Arguments>(arguments)...); }
template <typename... Arguments>
void pdqsort_branchless(Arguments &&...arguments) { std::sort(std::forward<Arguments>(arguments)...); }
