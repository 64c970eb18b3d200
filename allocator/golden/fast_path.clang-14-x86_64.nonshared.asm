kmem_cache_alloc:
	test $0x100,%esi
	jne L1
	mov slab_gates+0x2c(%rip),%al
	and $0x1,%al
	test %al,%al
	jne L2
L3:
	mov cpu_sequences+0x4(%rip),%rcx
	lea __rseq_cs(%rip),%rdx
	mov %rdx,%fs:0x8(%rcx)
	mov %fs:0x4(%rcx),%edx
	cmp cpu_sequences+0x2c(%rip),%edx
	jae L2
	imul cpu_sequences+0x34(%rip),%rdx
	add cpu_sequences+0x14(%rip),%rdx
	cmpl $0x0,(%rdx)
	jne L2
	add 0x38(%rdi),%rdx
	mov (%rdx),%r8d
	sub $0x1,%r8d
	jb L2
	mov 0x10(%rdx,%r8,8),%rax
	movl $0x1,0xc(%rdx)
	mov %r8d,(%rdx)
	ret
L1:
	mov $0x1,%al
	test %al,%al
	je L3
L2:
	jmp slab_layout4_kmem_cache_alloc
	addq $0x1,cpu_sequences_lost(%rip)
	jmp slab_layout4_kmem_cache_alloc
kmem_cache_free:
	mov cpu_sequences+0x4(%rip),%rax
	test %rax,%rax
	je L1
	lea __rseq_cs(%rip),%rcx
	mov %rcx,%fs:0x8(%rax)
	mov %fs:0x4(%rax),%ecx
	cmp cpu_sequences+0x2c(%rip),%ecx
	jae L1
	imul cpu_sequences+0x34(%rip),%rcx
	add cpu_sequences+0x14(%rip),%rcx
	cmpl $0x0,(%rcx)
	jne L1
	mov %rsi,%rdx
	sub 0x10(%rcx),%rdx
	cmp cpu_sequences+0xc(%rip),%rdx
	jae L1
	add 0x38(%rdi),%rcx
	mov (%rcx),%edx
	cmp 0x4(%rcx),%edx
	jae L1
	mov %rsi,0x10(%rcx,%rdx,8)
	add $0x1,%edx
	mov %edx,(%rcx)
	ret
	addq $0x1,cpu_sequences_lost(%rip)
L1:
	jmp slab_layout4_kmem_cache_free
__kmalloc:
	test $0x111,%esi
	jne L1
	lea -0x1(%rdi),%r9
	cmp slab_gates+0x34(%rip),%r9
	jae L1
	and $0xfffffffffffffff8,%r9
	lea kmalloc_place(%rip),%r8
	mov cpu_sequences+0x4(%rip),%rdx
	lea __rseq_cs(%rip),%rcx
	mov %rcx,%fs:0x8(%rdx)
	mov %fs:0x4(%rdx),%ecx
	cmp cpu_sequences+0x2c(%rip),%ecx
	jae L1
	imul cpu_sequences+0x34(%rip),%rcx
	add cpu_sequences+0x14(%rip),%rcx
	cmpl $0x0,(%rcx)
	jne L1
	add (%r9,%r8,1),%rcx
	mov (%rcx),%r10d
	sub $0x1,%r10d
	jb L1
	mov 0x10(%rcx,%r10,8),%rax
	movl $0x1,0xc(%rcx)
	mov %r10d,(%rcx)
	ret
	addq $0x1,cpu_sequences_lost(%rip)
L1:
	jmp slab_layout4___kmalloc
kfree:
	mov cpu_sequences+0x4(%rip),%r8
	test %r8,%r8
	je L1
	lea __rseq_cs(%rip),%rcx
	mov %rcx,%fs:0x8(%r8)
	mov %fs:0x4(%r8),%ecx
	cmp cpu_sequences+0x2c(%rip),%ecx
	jae L1
	imul cpu_sequences+0x34(%rip),%rcx
	add cpu_sequences+0x14(%rip),%rcx
	cmpl $0x0,(%rcx)
	jne L1
	mov %rdi,%rdx
	sub 0x10(%rcx),%rdx
	cmp cpu_sequences+0xc(%rip),%rdx
	jae L1
	mov %rdi,%rsi
	mov page_map+0x34(%rip),%rax
	shr $0xc,%rsi
	mov (%rax,%rsi,4),%r9d
	mov page_map+0x14(%rip),%rax
	shl $0x6,%rsi
	mov %rdi,%r10
	sub 0x18(%rax,%rsi,1),%r10
	mov 0x10(%rax,%rsi,1),%rsi
	add %r9,%rcx
	mov (%rcx),%edx
	cmp 0x4(%rcx),%edx
	jae L1
	imul 0x8(%rsi),%r10
	cmp 0x10(%rsi),%r10
	jae L1
	mov %rdi,0x10(%rcx,%rdx,8)
	add $0x1,%edx
	mov %edx,(%rcx)
	ret
	addq $0x1,cpu_sequences_lost(%rip)
L1:
	jmp slab_layout4_kfree
