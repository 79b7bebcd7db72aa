// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// What a points ledger shows on a chain: roots of its logs, and what addresses have at platforms that want it.
///   A1. Anchors are numbered 1, 2, 3 ... without a gap; one that is there is never changed, and none has fewer entries than the one before.
///   A2. A batch is taken once: it names the platform's next number and the head that it follows, and is signed for this contract on this chain.
///   A3. A change says what an address had. Where that is not what it has here, nothing of the batch is done.
///   A4. `total` of a platform is the sum of its balances.
///   A5. Paused: nothing is anchored, no batch is taken; reads, and all that the owner may do, go on.
contract JifenAnchor {
    struct Anchor {
        bytes32 root;
        uint64 entries;
        uint64 time;
    }

    struct Feed {
        uint64 number;
        bytes32 head;
        uint256 total;
    }

    struct Change {
        address member;
        uint128 before;
        uint128 current;
    }

    error NotOwner();
    error NotPendingOwner();
    error NotAnchorer();
    error NotSigner(address signer);
    error SignatureInvalid();
    error Paused();
    error NotPaused();
    error ZeroAddress();
    error NumberInvalid(uint64 expected);
    error RootInvalid();
    error EntriesShrank(uint64 before);
    error PlatformInvalid();
    error BatchExpired(uint64 until);
    error BatchSize(uint256 changes);
    error BalanceDiffers(address member, uint128 found);
    error Unchanged(address member);

    event Anchored(uint64 indexed number, bytes32 indexed root, uint64 entries, bytes32 head);
    event PointsTransferred(
        bytes32 indexed platform,
        address indexed from,
        address indexed to,
        uint256 amount,
        uint64 number
    );
    event BatchApplied(bytes32 indexed platform, uint64 indexed number, bytes32 head);
    event OwnershipOffered(address indexed owner, address indexed pending);
    event OwnershipTransferred(address indexed before, address indexed owner);
    event AnchorerSet(address indexed account, bool allowed);
    event SignerSet(address indexed account, bool allowed);
    event PauseSet(bool paused);

    uint256 public constant CHANGES_MAX = 128;
    /// Half of the order of secp256k1: a signature with a greater s is the other one of a pair (EIP-2).
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;
    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant CHANGE_TYPE = keccak256("Change(address member,uint128 before,uint128 current)");
    bytes32 private constant BATCH_TYPE = keccak256(
        "Batch(bytes32 platform,uint64 number,uint64 until,bytes32 previous,Change[] changes)Change(address member,uint128 before,uint128 current)"
    );

    /// keccak256 of the ledger's name, as its checkpoints have it.
    bytes32 public immutable ledger;

    address public owner;
    address public pendingOwner;
    bool public paused;
    uint64 public lastNumber;
    /// Over all anchors: keccak256(head before, number, root, entries).
    bytes32 public head;

    mapping(address => bool) public isAnchorer;
    mapping(address => bool) public isSigner;
    mapping(uint64 => Anchor) public anchors;
    mapping(bytes32 => Feed) public feeds;
    mapping(bytes32 => mapping(address => uint128)) private held;

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner();
        _;
    }

    modifier whenRunning() {
        if (paused) revert Paused();
        _;
    }

    constructor(bytes32 ledger_, address owner_, address writer) {
        if (owner_ == address(0) || writer == address(0)) revert ZeroAddress();
        ledger = ledger_;
        owner = owner_;
        emit OwnershipTransferred(address(0), owner_);
        isAnchorer[writer] = true;
        emit AnchorerSet(writer, true);
        isSigner[writer] = true;
        emit SignerSet(writer, true);
    }

    /// Offers the contract to another owner, who has to accept it; the zero address: to nobody.
    function transferOwnership(address to) external onlyOwner {
        pendingOwner = to;
        emit OwnershipOffered(owner, to);
    }

    function acceptOwnership() external {
        if (msg.sender != pendingOwner) revert NotPendingOwner();
        emit OwnershipTransferred(owner, msg.sender);
        owner = msg.sender;
        pendingOwner = address(0);
    }

    function setAnchorer(address account, bool allowed) external onlyOwner {
        if (account == address(0)) revert ZeroAddress();
        isAnchorer[account] = allowed;
        emit AnchorerSet(account, allowed);
    }

    function setSigner(address account, bool allowed) external onlyOwner {
        if (account == address(0)) revert ZeroAddress();
        isSigner[account] = allowed;
        emit SignerSet(account, allowed);
    }

    function pause() external onlyOwner whenRunning {
        paused = true;
        emit PauseSet(true);
    }

    function unpause() external onlyOwner {
        if (!paused) revert NotPaused();
        paused = false;
        emit PauseSet(false);
    }

    /// Anchors the root of all shards' checkpoints. `entries`: how many entries all logs have.
    function anchor(uint64 number, bytes32 root, uint64 entries) external whenRunning {
        if (!isAnchorer[msg.sender]) revert NotAnchorer();
        if (number != lastNumber + 1) revert NumberInvalid(lastNumber + 1);
        if (root == bytes32(0)) revert RootInvalid();
        uint64 before = anchors[lastNumber].entries;
        if (entries < before) revert EntriesShrank(before);
        lastNumber = number;
        anchors[number] = Anchor(root, entries, uint64(block.timestamp));
        head = keccak256(abi.encode(head, number, root, entries));
        emit Anchored(number, root, entries, head);
    }

    /// What is signed of a batch (EIP-712).
    function digestOf(bytes32 platform, uint64 number, uint64 until, bytes32 previous, Change[] calldata changes)
        public
        view
        returns (bytes32)
    {
        bytes32[] memory hashes = new bytes32[](changes.length);
        for (uint256 n = 0; n < changes.length; n++) {
            Change calldata one = changes[n];
            hashes[n] = keccak256(abi.encode(CHANGE_TYPE, one.member, one.before, one.current));
        }
        bytes32 all = keccak256(abi.encodePacked(hashes));
        bytes32 batch = keccak256(abi.encode(BATCH_TYPE, platform, number, until, previous, all));
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPE, keccak256("JifenAnchor"), keccak256("1"), block.chainid, address(this))
        );
        return keccak256(abi.encodePacked("\x19\x01", domain, batch));
    }

    /// Takes a batch that a signer has signed, from whoever brings it. `until`: in seconds since 1970; later it is good no more.
    function applyBatch(
        bytes32 platform,
        uint64 number,
        uint64 until,
        Change[] calldata changes,
        bytes calldata signature
    ) external whenRunning {
        if (platform == bytes32(0)) revert PlatformInvalid();
        if (changes.length == 0 || changes.length > CHANGES_MAX) revert BatchSize(changes.length);
        if (block.timestamp > until) revert BatchExpired(until);
        Feed storage feed = feeds[platform];
        if (number != feed.number + 1) revert NumberInvalid(feed.number + 1);
        bytes32 digest = digestOf(platform, number, until, feed.head, changes);
        address signer = signerOf(digest, signature);
        if (!isSigner[signer]) revert NotSigner(signer);
        feed.number = number;
        feed.head = digest;
        uint256 total = feed.total;
        for (uint256 n = 0; n < changes.length; n++) total = change(platform, number, total, changes[n]);
        feed.total = total;
        emit BatchApplied(platform, number, digest);
    }

    function change(bytes32 platform, uint64 number, uint256 total, Change calldata one) private returns (uint256) {
        if (one.member == address(0)) revert ZeroAddress();
        uint128 found = held[platform][one.member];
        if (found != one.before) revert BalanceDiffers(one.member, found);
        if (one.current == found) revert Unchanged(one.member);
        held[platform][one.member] = one.current;
        if (one.current > found) {
            uint256 more = one.current - found;
            emit PointsTransferred(platform, address(0), one.member, more, number);
            return total + more;
        }
        uint256 less = found - one.current;
        emit PointsTransferred(platform, one.member, address(0), less, number);
        return total - less;
    }

    function signerOf(bytes32 digest, bytes calldata signature) private pure returns (address) {
        if (signature.length != 65) revert SignatureInvalid();
        bytes32 r = bytes32(signature[0:32]);
        bytes32 s = bytes32(signature[32:64]);
        uint8 v = uint8(signature[64]);
        if (uint256(s) > HALF_ORDER || (v != 27 && v != 28)) revert SignatureInvalid();
        address signer = ecrecover(digest, v, r, s);
        if (signer == address(0)) revert SignatureInvalid();
        return signer;
    }

    /// What a member has at a platform, in minor units.
    function balance(address member, bytes32 platform) external view returns (uint256) {
        return held[platform][member];
    }

    /// The same of several.
    function balances(bytes32 platform, address[] calldata members) external view returns (uint128[] memory found) {
        found = new uint128[](members.length);
        for (uint256 n = 0; n < members.length; n++) found[n] = held[platform][members[n]];
    }
}
