// SPDX-License-Identifier: MIT
#pragma once

// Type ids of every message element. The order is part of the wire format: append, never insert,
// and raise wire::version with every change.

#include <caf/type_id.hpp>

#include "protocol/actors.hpp"

CAF_BEGIN_TYPE_ID_BLOCK(offstage, first_custom_type_id)

CAF_ADD_TYPE_ID(offstage, (offstage::worker_id))
CAF_ADD_TYPE_ID(offstage, (offstage::event_id))
CAF_ADD_TYPE_ID(offstage, (offstage::call_id))
CAF_ADD_TYPE_ID(offstage, (offstage::stream_id))
CAF_ADD_TYPE_ID(offstage, (offstage::event_cause))
CAF_ADD_TYPE_ID(offstage, (offstage::shared_bytes))
CAF_ADD_TYPE_ID(offstage, (offstage::body_chunk))
CAF_ADD_TYPE_ID(offstage, (offstage::storage_key))
CAF_ADD_TYPE_ID(offstage, (offstage::fetch_request))
CAF_ADD_TYPE_ID(offstage, (offstage::fetch_response))
CAF_ADD_TYPE_ID(offstage, (offstage::structured_clone))
CAF_ADD_TYPE_ID(offstage, (offstage::client_descriptor))
CAF_ADD_TYPE_ID(offstage, (offstage::client_list))
CAF_ADD_TYPE_ID(offstage, (offstage::client_query))
CAF_ADD_TYPE_ID(offstage, (offstage::registration_descriptor))
CAF_ADD_TYPE_ID(offstage, (offstage::registration_list))
CAF_ADD_TYPE_ID(offstage, (offstage::registration_request))
CAF_ADD_TYPE_ID(offstage, (offstage::stored_registration))
CAF_ADD_TYPE_ID(offstage, (offstage::stored_registration_list))
CAF_ADD_TYPE_ID(offstage, (offstage::worker_descriptor))
CAF_ADD_TYPE_ID(offstage, (offstage::worker_event))
CAF_ADD_TYPE_ID(offstage, (offstage::event_result))
CAF_ADD_TYPE_ID(offstage, (offstage::fetch_outcome))
CAF_ADD_TYPE_ID(offstage, (offstage::cache_operation))
CAF_ADD_TYPE_ID(offstage, (offstage::cache_result))
CAF_ADD_TYPE_ID(offstage, (offstage::service_request))
CAF_ADD_TYPE_ID(offstage, (offstage::service_result))
CAF_ADD_TYPE_ID(offstage, (offstage::script_error))
CAF_ADD_TYPE_ID(offstage, (offstage::console_message))
CAF_ADD_TYPE_ID(offstage, (offstage::instance_constructor))
CAF_ADD_TYPE_ID(offstage, (offstage::instance_status))
CAF_ADD_TYPE_ID(offstage, (offstage::node_status))
CAF_ADD_TYPE_ID(offstage, (offstage::lifecycle_note))
CAF_ADD_TYPE_ID(offstage, (offstage::cache_storage_actor))
CAF_ADD_TYPE_ID(offstage, (offstage::observer_actor))
CAF_ADD_TYPE_ID(offstage, (offstage::instance_parent_actor))
CAF_ADD_TYPE_ID(offstage, (offstage::instance_child_actor))
CAF_ADD_TYPE_ID(offstage, (offstage::idb_call))
CAF_ADD_TYPE_ID(offstage, (offstage::idb_answer))
CAF_ADD_TYPE_ID(offstage, (offstage::service_notice))
CAF_ADD_TYPE_ID(offstage, (offstage::notice_sink_actor))
CAF_ADD_TYPE_ID(offstage, (offstage::indexed_db_actor))
CAF_ADD_TYPE_ID(offstage, (offstage::script_artifact))

CAF_END_TYPE_ID_BLOCK(offstage)
